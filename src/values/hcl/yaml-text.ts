import { encodeJsonString } from '../../go/json-encode.ts'
import { type GoMap, type GoValue, sortedKeys } from '../../go/values.ts'
import { toText } from './convert.ts'

/** A value as the YAML that `yamlencode` gives: keys and texts quoted, texts of several lines as blocks. Source: github.com/zclconf/go-cty-yaml */
export function yamlText(value: GoValue): string {
  return `${lines(value, '').join('\n')}\n`
}

function lines(value: GoValue, indent: string): readonly string[] {
  if (Array.isArray(value) && value.length > 0) return value.flatMap((item) => listItem(item))
  if (value instanceof Map && value.size > 0) return mapLines(value)
  return scalar(value, indent)
}

function listItem(item: GoValue): readonly string[] {
  const [first = '', ...rest] = lines(item, '  ')
  return [`- ${first}`, ...rest.map((line) => `  ${line}`)]
}

function mapLines(map: GoMap): readonly string[] {
  return sortedKeys(map).flatMap((key) => {
    const value = map.get(key) as GoValue
    const name = `${encodeJsonString(key, true)}:`
    if (Array.isArray(value) && value.length > 0) return [name, ...lines(value, '')]
    const [first = '', ...rest] = lines(value, '  ')
    const isMap = value instanceof Map && value.size > 0
    return isMap ? [name, ...[first, ...rest].map((line) => `  ${line}`)] : [`${name} ${first}`, ...rest]
  })
}

function scalar(value: GoValue, indent: string): readonly string[] {
  if (value === null) return ['null']
  if (Array.isArray(value)) return ['[]']
  if (value instanceof Map) return ['{}']
  if (typeof value !== 'string') return [toText(value)]
  if (!value.includes('\n')) return [encodeJsonString(value, true)]
  const body = value.replace(/\n$/, '').split('\n')
  return [value.endsWith('\n') ? '|' : '|-', ...body.map((line) => (line === '' ? '' : `${indent || '  '}${line}`))]
}
