import type { GoMap, GoValue } from '../go/values.ts'
import { GoInt, GoTime } from '../go/values.ts'
import { encodeYaml } from '../yaml/encode.ts'
import { formatTimestamp } from '../yaml/timestamp.ts'
import { isBranch, isComment, isList, type SopsBranch, type SopsValue } from './sops-tree.ts'

/** Branches as a YAML stream, keys in their order. Source: sops 3.13 stores/yaml/store.go (its comments are left out) */
export function yamlText(branches: readonly SopsBranch[]): string {
  return branches.map((branch) => encodeYaml(goValue(branch), 'helmfile', { keepOrder: true })).join('---\n')
}

function goValue(value: SopsValue): GoValue {
  if (isList(value)) return value.items.map(goValue)
  if (isComment(value)) return null
  if (!isBranch(value)) return value
  const map: GoMap = new Map()
  for (const entry of value.entries) map.set(entry.key, goValue(entry.value))
  return map
}

/** What YAML readers would fold or refuse inside a JSON text. */
const AWKWARD = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g

/** A value as JSON, keys in their order, indented by two; it reads the same as YAML. */
export function jsonText(value: SopsValue, indent = ''): string {
  if (isBranch(value)) {
    return lines(
      '{',
      value.entries.map(({ key, value: item }) => `${jsonString(key)}: ${jsonText(item, `${indent}  `)}`),
      '}',
      indent,
    )
  }
  if (isList(value))
    return lines(
      '[',
      value.items.map((item) => jsonText(item, `${indent}  `)),
      ']',
      indent,
    )
  if (typeof value === 'string') return jsonString(value)
  if (value instanceof GoInt) return String(value.value)
  return value instanceof GoTime ? jsonString(formatTimestamp(value)) : JSON.stringify(value)
}

function lines(open: string, members: readonly string[], close: string, indent: string): string {
  if (members.length === 0) return open + close
  return `${open}\n${members.map((member) => `${indent}  ${member}`).join(',\n')}\n${indent}${close}`
}

function jsonString(text: string): string {
  return JSON.stringify(text).replace(AWKWARD, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** A flat branch as `KEY=value` lines. Source: sops 3.13 stores/dotenv/store.go */
export function dotenvText(branch: SopsBranch): string {
  return branch.entries.map(({ key, value }) => `${key}=${typeof value === 'string' ? value.replaceAll('\n', '\\n') : jsonText(value)}\n`).join('')
}
