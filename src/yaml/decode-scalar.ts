import { stringFromBytes } from '../go/bytes.ts'
import type { Dialect } from './dialect.ts'
import type { ScalarNode, YamlNode } from './node.ts'
import { resolvePlain, resolveTagged, type ScalarValue, tagOf } from './resolve.ts'
import { YamlError } from './yaml-error.ts'

/**
 * A scalar's value by its tag or, for plain ones without a tag, by its text. Times are GoTime in both dialects.
 *
 * @throws YamlError `yaml/type` when the text does not fit the tag
 */
export function decodeScalar(node: ScalarNode, dialect: Dialect): ScalarValue {
  const { tag, text } = node
  if (tag === undefined) return node.style === 'plain' ? resolvePlain(text, dialect) : text
  // v2 takes the lone `!` for a type of its own, v3 for no tag at all.
  if (tag === '!') return dialect === 'helmfile' && node.style === 'plain' ? resolvePlain(text, dialect) : text
  if (tag === '!!binary') return decodeBinary(node)
  const value = resolveTagged(tag, text, dialect)
  if (value !== undefined) return value
  throw typeError(node, `cannot decode ${tagOf(untagged(text, dialect, tag))} \`${text}\` as a ${tag}`)
}

function untagged(text: string, dialect: Dialect, tag: string): ScalarValue {
  const value = resolvePlain(text, dialect)
  // Only an untagged scalar is looked at as a time.
  return tagOf(value) === '!!timestamp' && tag !== '!!timestamp' ? text : value
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** Standard base64 with padding; line breaks inside do not count. */
function decodeBinary(node: ScalarNode): string {
  const text = node.text.replace(/[\r\n]/g, '')
  if (text.length % 4 !== 0 || !BASE64.test(text)) throw typeError(node, '!!binary value contains invalid base64 data')
  return stringFromBytes(Buffer.from(text, 'base64'))
}

function typeError(node: ScalarNode, summary: string): YamlError {
  return new YamlError(`yaml: ${summary}`, { code: 'yaml/type', severity: 'error', summary, at: node.span })
}

/** Whether a key is `<<` in the sense of a merge. */
export function isMergeKey(node: YamlNode, dialect: Dialect): boolean {
  if (node.type !== 'scalar' || node.text !== '<<') return false
  if (node.tag === '!!merge') return true
  if (node.tag === '!' && dialect === 'helm') return true
  return (node.tag === undefined || node.tag === '!') && node.style === 'plain'
}
