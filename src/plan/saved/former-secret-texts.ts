import type { KubeObject } from '../../kinds/kube-object.ts'
import { parseManifest } from '../../release/parse-manifest.ts'
import type { Revision } from '../../release/record.ts'
import type { ReleasePlan } from '../plan.ts'
import { isSecret } from '../plan-objects.ts'

/** `kind: Secret` in YAML or JSON; too much found does no harm. */
export const SECRET_KIND: RegExp = /\bkind["']?\s*:\s*["']?Secret\b/

/** Every value that the Secrets of `release` held before: those that are there, and those of its former revisions' manifests. */
export function formerSecretTexts({ operation, basis, changes }: ReleasePlan): readonly string[] {
  if (!operation) return []
  const live = (basis?.objects ?? []).flatMap(({ live }) => (live ? [live] : []))
  const shown = changes.flatMap(({ before }) => (before ? [before] : []))
  const { kind, revision, current, settle, supersede } = operation
  const revisions = new Set([...(kind === 'uninstall' ? [revision] : []), ...(current ? [current] : []), ...settle, ...supersede])
  const stored = [...revisions].flatMap(secretsOf)
  return [...new Set([...live, ...shown, ...stored].filter(isSecret).flatMap(textsOf))]
}

function secretsOf({ manifest, hooks }: Revision): readonly KubeObject[] {
  return [manifest, ...hooks.map((hook) => hook.manifest)].filter((text) => SECRET_KIND.test(text)).flatMap((manifest) => parseManifest(manifest))
}

function textsOf(secret: KubeObject): readonly string[] {
  const values = (field: 'data' | 'stringData'): readonly string[] => Object.values((secret[field] ?? {}) as object).map(String)
  return [...values('stringData'), ...values('data').map((value) => Buffer.from(value, 'base64').toString('utf8'))]
}
