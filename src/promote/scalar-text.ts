import type { GoValue } from '../go/values.ts'
import { encodeYaml } from '../yaml/encode.ts'
import type { ScalarNode } from '../yaml/node.ts'

const PRINTABLE = /^[\t -~\u{a0}-\u{d7ff}\u{e000}-\u{fefe}\u{ff00}-\u{fffd}\u{10000}-\u{10ffff}]*$/u

/**
 * How `value` is written on one line in the place of a scalar of `style`: quotes stay as they were where the value is a text. Undefined
 * for what fits on no line (maps and lists with content, bytes).
 */
export function scalarText(value: GoValue, style: ScalarNode['style'] = 'plain'): string | undefined {
  if (typeof value !== 'string') return otherText(value)
  if (style === 'double') return doubleQuoted(value)
  if (style === 'single' && PRINTABLE.test(value)) return `'${value.replaceAll("'", "''")}'`
  const plain = encodeYaml(value, 'helm').replace(/\n$/, '')
  return plain.includes('\n') || plain.startsWith('|') || plain.startsWith('>') ? doubleQuoted(value) : plain
}

function otherText(value: GoValue): string | undefined {
  if (value instanceof Map) return value.size === 0 ? '{}' : undefined
  if (Array.isArray(value)) return value.length === 0 ? '[]' : undefined
  if (value instanceof Uint8Array) return undefined
  const text = encodeYaml(value, 'helm').replace(/\n$/, '')
  return text.includes('\n') ? undefined : text
}

/** JSON's strings are YAML's; what JSON leaves as it is and YAML forbids is escaped too. */
function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
