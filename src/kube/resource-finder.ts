import { failure } from '../base/diagnostic.ts'
import { builtInKind } from '../kinds/built-in.ts'
import { type ApiResource, type Discovery, KubeError } from './client.ts'
import { splitApiVersion } from './paths.ts'

/** The resource of a kind. @throws DiagnosticError `kube/unknown-kind` when the server does not serve it */
export type FindResource = (apiVersion: string, kind: string) => Promise<ApiResource>

/**
 * Finds built-in kinds in our own table and others by discovery, which is asked once more for a kind that is not in it: its CRD
 * may be new.
 */
export function resourceFinder(discovery: (options: { readonly refresh: boolean }) => Promise<Discovery>): FindResource {
  return async (apiVersion, kind) => {
    const builtIn = builtInResource(apiVersion, kind)
    if (builtIn !== undefined) return builtIn
    const known = (await discovery({ refresh: false })).find(apiVersion, kind)
    const found = known ?? (await discovery({ refresh: true })).find(apiVersion, kind)
    if (found === undefined) throw unknownKind(apiVersion, kind)
    return found
  }
}

function builtInResource(apiVersion: string, kind: string): ApiResource | undefined {
  const facts = builtInKind(apiVersion, kind)
  return facts && { ...splitApiVersion(apiVersion), kind, ...facts, verbs: [], shortNames: [] }
}

/** `asked`, with a refusal of the whole path told as what it is: the server does not serve this kind. */
export async function forKind<T>(apiVersion: string, kind: string, asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof KubeError && error.diagnostics[0]?.code === 'kube/unknown-kind') throw unknownKind(apiVersion, kind, error)
    throw error
  }
}

function unknownKind(apiVersion: string, kind: string, cause?: KubeError): Error {
  return failure('kube/unknown-kind', `no matches for kind "${kind}" in version "${apiVersion}"`, {
    hint: 'apply the CustomResourceDefinition of this kind first, or use a version that the server serves',
    ...(cause === undefined ? {} : { cause }),
  })
}
