import { failure } from '../base/diagnostic.ts'
import type { Source } from '../base/source.ts'
import type { IdentityFinder } from './age-identities.ts'
import { openDataKey } from './data-key.ts'
import { decryptTree, encryptionTest } from './decrypt-tree.ts'
import { dotenvBranch, splitFlatMetadata } from './dotenv-tree.ts'
import { jsonBranch } from './json-tree.ts'
import { dotenvText, jsonText, yamlText } from './plain-text.ts'
import { readMetadata, type SopsMetadata } from './sops-metadata.ts'
import { entryOf, isBranch, type SopsBranch, type SopsFile } from './sops-tree.ts'
import { yamlBranches } from './yaml-tree.ts'

/*
 * Secrets. In: a file that sops encrypted for age keys. Out: its plain text, in memory only, after its checksum was verified.
 * What must stay true: no plaintext and no key ever stands in a diagnostic, an event, a log line or a file; nothing of a file
 * whose checksum is wrong is handed on.
 */

/** The formats of sops that are read; `binary` is a JSON envelope around any content. */
export type SopsFormat = 'yaml' | 'json' | 'dotenv' | 'binary'

/** The format sops takes a file for by its name; undefined for `.ini`, which is not supported. */
export function sopsFormatOf(path: string): SopsFormat | undefined {
  if (/\.ya?ml$/.test(path)) return 'yaml'
  if (path.endsWith('.json')) return 'json'
  if (path.endsWith('.env')) return 'dotenv'
  return path.endsWith('.ini') ? undefined : 'binary'
}

/** A quick test whether a text was encrypted by sops: it has a checksum. Source: the helm-secrets plugin's test */
export function isEncrypted(text: string): boolean {
  return text.includes('sops') && /mac.*,type:str\]/.test(text)
}

/**
 * The plain text of an encrypted file: YAML, JSON or dotenv with the same keys in the same order (comments left out), or the
 * content of a binary file.
 *
 * @throws DiagnosticError `secrets/not-encrypted`, `secrets/bad-file`, `secrets/bad-metadata`, `secrets/no-identity`,
 *   `secrets/no-age-key`, `secrets/key-groups`, `secrets/bad-value`, `secrets/mac-mismatch`; YamlError for text that is no YAML
 * Source: sops 3.13 decrypt/decrypt.go
 */
export async function decryptSops(source: Source, format: SopsFormat, find: IdentityFinder): Promise<string> {
  const file = readFile(source, format)
  const metadata = readMetadata(file.metadata, source)
  const key = await openDataKey(metadata, source, find)
  const test = encryptionTest(metadata.rule, await patternCompiler(metadata))
  return plainText(decryptTree(file, metadata, key, source, test), format, source)
}

function readFile(source: Source, format: SopsFormat): SopsFile {
  if (format === 'dotenv') {
    const { data, metadata } = splitFlatMetadata(dotenvBranch(source))
    return { branches: [data], metadata: metadata ?? notEncrypted(source) }
  }
  const branches = format === 'yaml' ? yamlBranches(source) : [jsonBranch(source)]
  const metadata = branches[0] && entryOf(branches[0], 'sops')
  if (!isBranch(metadata)) return notEncrypted(source)
  const isData = ({ key }: { readonly key: string }): boolean => key !== 'sops'
  return { branches: branches.map(({ entries }) => ({ type: 'branch', entries: entries.filter(isData) })), metadata }
}

function notEncrypted(source: Source): never {
  throw failure('secrets/not-encrypted', 'sops metadata not found: the file is not encrypted', {
    at: { source, start: 0, end: 1 },
    hint: 'encrypt it with sops, or list it under values instead of secrets',
  })
}

/** Go's regular expressions, which never take long; loaded only for files whose rule has one. A bad pattern matches nothing. */
async function patternCompiler({ rule }: SopsMetadata): Promise<(pattern: string) => (text: string) => boolean> {
  if (rule.kind !== 'encrypted-regex' && rule.kind !== 'unencrypted-regex') return () => () => false
  const { RE2JS, RE2JSException } = await import('re2js')
  return (pattern) => {
    try {
      const compiled = RE2JS.compile(pattern)
      return (text) => compiled.matcher(text).find()
    } catch (error) {
      if (error instanceof RE2JSException) return () => false
      throw error
    }
  }
}

function plainText(branches: readonly SopsBranch[], format: SopsFormat, source: Source): string {
  const first = branches[0] ?? { type: 'branch', entries: [] }
  switch (format) {
    case 'yaml':
      return yamlText(branches)
    case 'json':
      return `${jsonText(first)}\n`
    case 'dotenv':
      return dotenvText(first)
    case 'binary': {
      const data = entryOf(first, 'data')
      if (typeof data === 'string') return data
      throw failure('secrets/bad-file', 'the encrypted file holds no binary data', { at: { source, start: 0, end: 1 } })
    }
  }
}
