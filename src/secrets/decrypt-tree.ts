import { createHash, type Hash, timingSafeEqual } from 'node:crypto'
import { failure } from '../base/diagnostic.ts'
import type { Source, Span } from '../base/source.ts'
import { bytesOfString } from '../go/bytes.ts'
import { formatFloat } from '../go/float.ts'
import { GoInt, GoTime } from '../go/values.ts'
import { formatTimestamp } from '../yaml/timestamp.ts'
import { CipherError, decryptValue, isEncryptedValue } from './sops-cipher.ts'
import type { EncryptionRule, SopsMetadata } from './sops-metadata.ts'
import { isBranch, isComment, isList, type SopsBranch, type SopsFile, type SopsValue } from './sops-tree.ts'

/** What the checksum starts with when it covers encrypted values only: the SHA-256 of `sops`, as sops has it. */
const ENCRYPTED_ONLY_START = createHash('sha256').update('sops').digest()

/** Whether values below `path` are encrypted; undefined where only a value's form tells. */
export type EncryptionTest = (path: readonly string[]) => boolean | undefined

/** Everything one walk needs. */
interface Walk {
  readonly key: Uint8Array
  readonly hash: Hash
  readonly isEncrypted: EncryptionTest
  readonly encryptedOnly: boolean
  readonly source: Source
}

/**
 * The branches of a file in plain text, once its checksum is right.
 *
 * The checksum runs over all values in their order, comments left out, so a value that was swapped, dropped or added shows.
 *
 * @throws DiagnosticError `secrets/bad-value` with the path of a value that cannot be decrypted, `secrets/mac-mismatch`
 * Source: sops 3.13.3 sops.go Tree.Decrypt, decrypt/decrypt.go
 */
export function decryptTree(file: SopsFile, metadata: SopsMetadata, key: Uint8Array, source: Source, isEncrypted: EncryptionTest): SopsBranch[] {
  const hash = createHash('sha512')
  if (metadata.macOnlyEncrypted) hash.update(ENCRYPTED_ONLY_START)
  const walk: Walk = { key, hash, isEncrypted, encryptedOnly: metadata.macOnlyEncrypted, source }
  const branches = file.branches.map((branch) => walkBranch(walk, branch, []))
  verify(metadata, key, hash.digest('hex').toUpperCase(), source)
  return branches
}

/** How a rule judges paths; patterns are compiled by `compile` (Go's regular expressions), a bad one matches nothing. */
export function encryptionTest(rule: EncryptionRule, compile: (pattern: string) => (text: string) => boolean): EncryptionTest {
  switch (rule.kind) {
    case 'unencrypted-suffix':
      return (path) => !path.some((key) => key.endsWith(rule.suffix))
    case 'encrypted-suffix':
      return (path) => path.some((key) => key.endsWith(rule.suffix))
    case 'unencrypted-regex': {
      const matches = compile(rule.pattern)
      return (path) => !path.some(matches)
    }
    case 'encrypted-regex': {
      const matches = compile(rule.pattern)
      return (path) => path.some(matches)
    }
    case 'comments':
      return () => undefined
  }
}

function walkBranch(walk: Walk, branch: SopsBranch, path: readonly string[]): SopsBranch {
  const entries = branch.entries.map(({ key, value, at }) => {
    const plain = walkValue(walk, value, [...path, key], at)
    if (isComment(plain)) throw badValue(walk, [...path, key], at, 'it is a comment, where a value should be')
    return { key, value: plain }
  })
  return { type: 'branch', entries }
}

function walkValue(walk: Walk, value: SopsValue, path: readonly string[], at: Span | undefined): SopsValue {
  if (value === null) return null
  if (isBranch(value)) return walkBranch(walk, value, path)
  if (isList(value)) return { type: 'list', items: value.items.map((item) => walkValue(walk, item, path, at)).filter((item) => !isComment(item)) }
  const { plain, encrypted } = decryptLeaf(walk, value, path, at)
  if (!isComment(plain) && (encrypted || !walk.encryptedOnly)) walk.hash.update(checkedBytes(plain))
  return plain
}

function decryptLeaf(walk: Walk, value: SopsValue, path: readonly string[], at: Span | undefined): { plain: SopsValue; encrypted: boolean } {
  const encrypted = walk.isEncrypted(path)
  if (encrypted === false) return { plain: value, encrypted }
  if (encrypted === undefined && !(typeof value === 'string' && isEncryptedValue(value))) return { plain: value, encrypted: false }
  if (typeof value !== 'string') throw badValue(walk, path, at, 'it should be encrypted, but is not')
  try {
    return { plain: decryptValue(value, walk.key, `${path.join(':')}:`), encrypted: true }
  } catch (error) {
    if (!(error instanceof CipherError)) throw error
    throw badValue(walk, path, at, error.message)
  }
}

function badValue(walk: Walk, path: readonly string[], at: Span | undefined, problem: string): Error {
  return failure('secrets/bad-value', `cannot decrypt the value at ${path.join('.')}: ${problem}`, {
    at: at ?? { source: walk.source, start: 0, end: 1 },
    hint: 'restore the file from version control, or encrypt it again',
  })
}

/** A value's bytes as the checksum counts them. */
function checkedBytes(value: SopsValue): Uint8Array {
  if (typeof value === 'string') return bytesOfString(value)
  if (typeof value === 'boolean') return Buffer.from(value ? 'True' : 'False')
  if (typeof value === 'number') return Buffer.from(formatFloat(value, 'f', -1))
  if (value instanceof GoInt) return Buffer.from(String(value.value))
  return Buffer.from(value instanceof GoTime ? formatTimestamp(value) : '')
}

function verify(metadata: SopsMetadata, key: Uint8Array, computed: string, source: Source): void {
  let expected: SopsValue
  try {
    expected = decryptValue(metadata.mac, key, metadata.lastModified)
  } catch (error) {
    if (!(error instanceof CipherError)) throw error
    throw mismatch(source, `its checksum cannot be decrypted: ${error.message}`)
  }
  if (typeof expected !== 'string' || !isSame(expected, computed)) throw mismatch(source, 'its checksum (MAC) does not match its content')
}

function isSame(a: string, b: string): boolean {
  const [x, y] = [bytesOfString(a), bytesOfString(b)]
  return x.length === y.length && timingSafeEqual(x, y)
}

function mismatch(source: Source, problem: string): Error {
  return failure('secrets/mac-mismatch', `the encrypted file was changed after it was encrypted: ${problem}`, {
    at: { source, start: 0, end: 1 },
    hint: 'restore the file from version control, or encrypt it again with sops',
  })
}
