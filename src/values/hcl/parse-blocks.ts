import type { Source } from '../../base/source.ts'
import { parseExpression } from './parse-expression.ts'
import { Reader } from './reader.ts'
import type { Attribute, Block } from './syntax.ts'

/**
 * The blocks of an HCL file, whose bodies hold attributes only.
 *
 * @throws DiagnosticError `values/hcl` at the first thing that is not so, in the words of HCL
 * Source: github.com/hashicorp/hcl/v2 hclsyntax/spec.md
 */
export function parseBlocks(source: Source, types: readonly string[]): readonly Block[] {
  const reader = new Reader(source.text.startsWith('\uFEFF') ? { ...source, text: source.text.slice(1) } : source)
  const blocks: Block[] = []
  reader.skip(true)
  while (!reader.isAtEnd) {
    const start = reader.position
    const type = reader.identifier()
    if (type === undefined) throw reader.error('Argument or block definition required')
    reader.skip(false)
    if (reader.sees('=')) throw reader.error(`Unsupported argument: An argument named "${type}" is not expected here.`, start)
    if (!types.includes(type)) throw reader.error(`Unsupported block type: Blocks of type "${type}" are not expected here.`, start)
    reader.expect('{', 'Invalid block definition: Either a quoted string block label or an opening brace ("{") is expected here.')
    blocks.push({ type, attributes: attributes(reader), at: reader.span(start) })
    reader.skip(true)
  }
  return blocks
}

function attributes(reader: Reader): readonly Attribute[] {
  const found = new Map<string, Attribute>()
  reader.skip(true)
  while (!reader.take('}')) {
    const one = attribute(reader)
    if (found.has(one.name)) throw reader.error(`Attribute redefined: The argument "${one.name}" was already set.`, one.at.start)
    found.set(one.name, one)
    reader.skip(true)
  }
  return [...found.values()]
}

function attribute(reader: Reader): Attribute {
  const start = reader.position
  const name = reader.identifier()
  if (name === undefined) throw reader.error('Invalid argument name: Argument names must not be quoted, and a block ends with "}".')
  const at = reader.span(start)
  reader.skip(false)
  reader.expect('=', 'Invalid block definition: blocks are not allowed here')
  const expression = parseExpression(reader, false)
  reader.skip(false)
  if (!reader.isAtEnd && !reader.sees('\n') && !reader.sees('}'))
    throw reader.error('Missing newline after argument: An argument definition must end with a newline.')
  return { name, expression, at }
}
