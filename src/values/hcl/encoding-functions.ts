import { decodeJson } from '../../go/json-decode.ts'
import { encodeJson } from '../../go/json-encode.ts'
import { GoInt, type GoValue } from '../../go/values.ts'
import { decodeYaml } from '../../yaml/decode.ts'
import { HclError, toText } from './convert.ts'
import type { FunctionTable } from './function-table.ts'
import { yamlText } from './yaml-text.ts'

/** Whole numbers of other formats as the one kind of number that there is. */
function native(value: GoValue): GoValue {
  if (value instanceof GoInt) return Number(value.value)
  if (Array.isArray(value)) return value.map(native)
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, native(item)]))
  return typeof value === 'object' && value !== null ? String(value) : value
}

function csv(text: string): GoValue {
  const [head, ...rows] = csvRows(text)
  if (!head) throw new HclError('missing header line')
  return rows.map((row, i) => {
    if (row.length !== head.length) throw new HclError(`wrong number of fields in line ${i + 2}`)
    return new Map(head.map((name, column) => [name, row[column] as GoValue]))
  })
}

function csvRows(text: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let isQuoted = false
  const endField = (): void => {
    row.push(field)
    field = ''
  }
  const endRow = (): void => {
    endField()
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i)
    if (isQuoted) {
      if (char !== '"') field += char
      else if (text.charAt(i + 1) === '"') field += text.charAt(++i)
      else isQuoted = false
    } else if (char === '"') isQuoted = true
    else if (char === ',') endField()
    else if (char === '\n') endRow()
    else if (char !== '\r') field += char
  }
  if (isQuoted) throw new HclError('a quoted field does not end')
  endRow()
  return rows
}

function reading<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new HclError(error instanceof Error ? error.message : String(error))
  }
}

/** Source: github.com/zclconf/go-cty cty/function/stdlib/json.go, csv.go; go-cty-yaml */
export const ENCODING_FUNCTIONS: FunctionTable = {
  csvdecode: [1, 1, (text = null) => csv(toText(text))],
  jsondecode: [1, 1, (text = null) => native(reading(() => decodeJson(toText(text)).value))],
  jsonencode: [1, 1, (value = null) => encodeJson(value)],
  yamldecode: [1, 1, (text = null) => native(reading(() => decodeYaml({ name: 'yamldecode', text: toText(text) }, 'helmfile')))],
  yamlencode: [1, 1, (value = null) => yamlText(value)],
}
