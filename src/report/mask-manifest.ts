import { fromPlain } from '../go/plain.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { type Mark, markWith, maskSecret } from '../plan/mask-secrets.ts'
import { parseManifest } from '../release/parse-manifest.ts'
import { encodeYaml } from '../yaml/encode.ts'

/**
 * A stored manifest with the values of Secrets replaced by their length and mark. Documents without a Secret stay byte for byte; one with a Secret is
 * written anew. `salt` is that of the marks.
 */
export function maskManifest(manifest: string, salt: string): string {
  const mark = markWith(salt)
  return manifest
    .split(/^(?=---)/m)
    .map((document) => maskDocument(document, mark))
    .join('')
}

function maskDocument(document: string, mark: Mark): string {
  if (!document.includes('Secret')) return document
  const heading = /^(?:---[^\n]*\n)?(?:# Source: [^\n]*\n)?/.exec(document)?.[0] ?? ''
  const objects = parseManifest(document)
  if (!objects.some(isSecret)) return document
  return objects.map((object) => `${heading}${encodeYaml(fromPlain(isSecret(object) ? maskSecret(object, mark) : object), 'helm')}`).join('')
}

function isSecret({ kind }: KubeObject): boolean {
  return kind === 'Secret'
}
