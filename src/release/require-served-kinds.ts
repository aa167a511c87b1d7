import { type Diagnostic, DiagnosticError } from '../base/diagnostic.ts'
import { successorOf } from '../kinds/deprecation.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import type { KubeClient } from '../kube/client.ts'
import { displayName, refOf } from './object-names.ts'
import { definedKinds } from './place-objects.ts'

/**
 * Checks that the server serves the kind of every object, or will once the CRDs among them are there.
 *
 * @throws DiagnosticError `release/unknown-kind`, one for each kind, in Helm's words
 */
export async function requireServedKinds(client: KubeClient, objects: readonly KubeObject[]): Promise<void> {
  const defined = definedKinds(objects)
  const unserved = async (refresh: boolean): Promise<readonly KubeObject[]> => {
    const discovery = await client.discovery({ refresh })
    return objects.filter(({ apiVersion, kind }) => !discovery.find(apiVersion, kind) && !defined.has(`${apiVersion}/${kind}`))
  }
  if ((await unserved(false)).length === 0) return
  const missing = await unserved(true)
  if (missing.length > 0)
    throw new DiagnosticError([...new Map(missing.map((object) => [`${object.apiVersion}/${object.kind}`, unknownKind(object)])).values()])
}

function unknownKind(object: KubeObject): Diagnostic {
  const { name = '', namespace = '' } = object.metadata
  return {
    code: 'release/unknown-kind',
    severity: 'error',
    summary:
      'unable to build kubernetes objects from release manifest: resource mapping not found for ' +
      `name: "${name}" namespace: "${namespace}" from "": no matches for kind "${object.kind}" in version "${object.apiVersion}"`,
    subject: displayName(refOf(object)),
    hint: hintFor(object),
  }
}

function hintFor({ apiVersion, kind }: KubeObject): string {
  const successor = successorOf(apiVersion, kind)
  return successor === undefined
    ? 'ensure CRDs are installed first'
    : `Kubernetes no longer has ${kind} of ${apiVersion}: take a version of the chart that has it of ${successor}`
}
