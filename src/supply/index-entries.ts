import { failure } from '../base/diagnostic.ts'
import { valueAt } from '../base/json.ts'
import { toPlain } from '../go/plain.ts'
import { decodeYaml } from '../yaml/decode.ts'
import { newestFirst, versionOf } from './choose-version.ts'
import { normalDigest } from './digest.ts'
import { findIndexBlock } from './index-block.ts'

/** One version of a chart in an index, as far as fetching goes. */
export interface IndexEntry {
  readonly version: string
  readonly urls: readonly string[]
  /** `sha256:<hex>` of the archive, where the index says it. */
  readonly digest?: string
}

/**
 * The versions of `chart` in the text of an index.yaml, newest first; undefined when it has no such chart. Entries that Helm
 * passes over are left out.
 *
 * @param name what the index is called in messages
 * @throws DiagnosticError `supply/bad-index`
 * Source: Helm 4.3.1 pkg/repo/v1/index.go (loadIndex)
 */
export function entriesOf(index: Buffer, chart: string, name: string): readonly IndexEntry[] | undefined {
  const block = findIndexBlock(index, chart)
  if (block.kind === 'none') return undefined
  const versions = block.kind === 'found' ? valueAt(parse(block.text, name), chart) : valueAt(parseWhole(index, name), 'entries', chart)
  if (versions === undefined) return undefined
  if (versions !== null && !Array.isArray(versions)) throw badIndex(name, `the entry of chart "${chart}" is no list`)
  return newestFirst(((versions ?? []) as readonly unknown[]).flatMap(entryOf))
}

function parseWhole(index: Buffer, name: string): unknown {
  const text = index.toString('utf8')
  const isJson = text.trimStart().startsWith('{')
  if (!isJson) return parse(text, name)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw badIndex(name, (cause as Error).message, cause)
  }
}

function parse(text: string, name: string): unknown {
  try {
    return toPlain(decodeYaml({ name, text }, 'helm'))
  } catch (cause) {
    throw badIndex(name, (cause as Error).message, cause)
  }
}

function badIndex(name: string, why: string, cause?: unknown): Error {
  return failure('supply/bad-index', `${name} is no index of a chart repository: ${why}`, {
    hint: 'check that the URL is that of a chart repository',
    ...(cause === undefined ? {} : { cause }),
  })
}

function entryOf(value: unknown): IndexEntry[] {
  const version = valueAt(value, 'version')
  const urls = valueAt(value, 'urls')
  const digest = valueAt(value, 'digest')
  if (typeof version !== 'string' || versionOf(version) === undefined) return []
  const known = typeof digest === 'string' ? normalDigest(digest) : undefined
  return [{ version, urls: Array.isArray(urls) ? urls.filter((url) => typeof url === 'string') : [], ...(known ? { digest: known } : {}) }]
}
