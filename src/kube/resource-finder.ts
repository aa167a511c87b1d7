import { failure } from '../base/diagnostic.ts'
import type { ApiResource, Discovery } from './client.ts'

/** The resource of a kind. @throws DiagnosticError `kube/unknown-kind` when the server does not serve it */
export type FindResource = (apiVersion: string, kind: string) => Promise<ApiResource>

/** Finds resources by discovery, which is asked once more for a kind that is not in it: its CRD may be new. */
export function resourceFinder(discovery: (options: { readonly refresh: boolean }) => Promise<Discovery>): FindResource {
  return async (apiVersion, kind) => {
    const known = (await discovery({ refresh: false })).find(apiVersion, kind)
    const found = known ?? (await discovery({ refresh: true })).find(apiVersion, kind)
    if (found === undefined) throw unknownKind(apiVersion, kind)
    return found
  }
}

function unknownKind(apiVersion: string, kind: string): Error {
  return failure('kube/unknown-kind', `no matches for kind "${kind}" in version "${apiVersion}"`, {
    hint: 'apply the CustomResourceDefinition of this kind first, or use a version that the server serves',
  })
}
