import type { CommandNode, OperandNode, PipeNode, VariableNode } from './ast.ts'
import { numberNode } from './parse-number-node.ts'
import { isKeyword } from './token.ts'
import { countPart, type TreeParser } from './tree-parser.ts'

/*
 * Pipelines as nearly all of them are written: names, fields, variables, texts without escapes, whole numbers, parentheses. They are
 * read straight into nodes, without tokens; whatever looks different in the least is left to the parser, which alone knows the
 * language's corners and its errors. What is read here, it reads alike.
 */

/** Deeper parentheses are left to the parser, which has the limit. */
const MAX_DEPTH = 20

const SPACE = 0x20
const QUOTE = 0x22
const DOLLAR = 0x24
const OPEN = 0x28
const CLOSE = 0x29
const COMMA = 0x2c
const DASH = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const EQUALS = 0x3d
const BACKSLASH = 0x5c
const BAR = 0x7c
const BRACE = 0x7d
const DELETE = 0x7f

/** A pipeline, and where its action's right delimiter starts. */
export interface QuickPipeline {
  readonly pipe: PipeNode
  readonly end: number
}

/** A place in the text of `p`. */
interface Place {
  readonly p: TreeParser
  readonly text: string
  at: number
}

/**
 * The pipeline from `start` up to its action's right delimiter; undefined, with nothing changed, where it is not a simple one.
 *
 * @param isRange whether two variables may be declared
 */
export function quickPipeline(p: TreeParser, start: number, isRange: boolean): QuickPipeline | undefined {
  const { variables, commands, operands } = p
  const [known, commandCount, operandCount] = [variables.length, commands.length, operands.length]
  const place: Place = { p, text: p.shared.source.text, at: start }
  const pipe = whole(place, isRange)
  const end = pipe && rightDelimiter(place)
  if (end !== undefined) return { pipe: pipe as PipeNode, end }
  variables.length = known
  commands.length = commandCount
  operands.length = operandCount
  return undefined
}

function whole(place: Place, isRange: boolean): PipeNode | undefined {
  skipBlanks(place)
  const { at } = place
  const { declared, isAssignment } = declarations(place, isRange)
  const commands = commandsAt(place, 0)
  return commands && { kind: 'pipe', at, isAssignment, declared, commands }
}

interface Declarations {
  readonly declared: readonly VariableNode[]
  readonly isAssignment: boolean
}

const NONE: Declarations = { declared: [], isAssignment: false }

/** `$x :=`, `$x =` or, for `range`, `$i, $x :=`; nothing is consumed when the pipeline starts otherwise. */
function declarations(place: Place, isRange: boolean): Declarations {
  const { at } = place
  const declared = variablesBeforeSign(place, isRange)
  const isAssignment = place.text.charCodeAt(place.at) === EQUALS
  if (!declared || !(isAssignment || place.text.startsWith(':=', place.at))) {
    place.at = at
    return NONE
  }
  place.at += isAssignment ? 1 : 2
  for (const { path } of declared) place.p.variables.push(path[0] as string)
  return { declared, isAssignment }
}

function variablesBeforeSign(place: Place, isRange: boolean): VariableNode[] | undefined {
  const first = variableName(place)
  if (!first || !isRange || place.text.charCodeAt(place.at) !== COMMA) return first && [first]
  place.at++
  skipBlanks(place)
  const second = variableName(place)
  return second && [first, second]
}

/** A variable's name and the blanks behind it, which an assignment needs. */
function variableName(place: Place): VariableNode | undefined {
  const { text, at } = place
  if (text.charCodeAt(at) !== DOLLAR) return undefined
  place.at = wordEnd(text, at + 1)
  if (text.charCodeAt(place.at) === EQUALS) return undefined
  const name = text.slice(at, place.at)
  skipBlanks(place)
  return { kind: 'variable', at, path: [name] }
}

/** Commands and the blanks behind them. */
function commandsAt(place: Place, depth: number): CommandNode[] | undefined {
  const { p, text } = place
  const { length } = p.commands
  for (;;) {
    const command = commandAt(place, depth)
    if (!command || (p.commands.length > length && !isExecutable(command))) return undefined
    p.commands.push(command)
    if (text.charCodeAt(place.at) !== BAR) return p.commands.splice(length)
    place.at++
  }
}

function isExecutable({ args }: CommandNode): boolean {
  const { kind } = args[0] as OperandNode
  return kind === 'identifier' || kind === 'field' || kind === 'variable' || kind === 'chain' || kind === 'pipe'
}

/** Operands with blanks between them and behind the last one. */
function commandAt(place: Place, depth: number): CommandNode | undefined {
  const { p, text } = place
  const { length } = p.operands
  skipBlanks(place)
  const { at } = place
  for (;;) {
    const operand = operandAt(place, depth)
    if (!operand) return undefined
    countPart(p)
    p.operands.push(operand)
    const behind = place.at
    skipBlanks(place)
    const code = text.charCodeAt(place.at)
    if (code === BAR || code === CLOSE || code === BRACE) break
    // The blank before a trimming delimiter has been skipped, the one between operands has to be there.
    if (place.at === behind) return undefined
    if (code === DASH) break
  }
  return { kind: 'command', at, args: p.operands.splice(length) }
}

function operandAt(place: Place, depth: number): OperandNode | undefined {
  const { text, at } = place
  const code = text.charCodeAt(at)
  switch (code) {
    case DOT:
      return fieldAt(place)
    case DOLLAR:
      return variableAt(place)
    case QUOTE:
      return textAt(place)
    case OPEN:
      return parenthesized(place, depth)
    default:
      return isDigit(code) ? wholeNumber(place) : isLetter(code) ? identifier(place) : undefined
  }
}

function fieldAt(place: Place): OperandNode | undefined {
  const { text, at } = place
  if (!isLetter(text.charCodeAt(at + 1))) {
    place.at = at + 1
    return isBehindWord(text, at + 1) && text.charCodeAt(at + 1) !== DOT ? { kind: 'dot', at } : undefined
  }
  const path = fields(place)
  // The parser counts a chain of fields from its second one.
  return path && { kind: 'field', at: path.length > 1 ? at + 1 + (path[0] as string).length : at, path }
}

function variableAt(place: Place): OperandNode | undefined {
  const { p, text, at } = place
  const end = wordEnd(text, at + 1)
  const name = text.slice(at, end)
  place.at = end
  if (!isBehindWord(text, end) || !p.variables.includes(name)) return undefined
  if (text.charCodeAt(end) !== DOT) return { kind: 'variable', at, path: [name] }
  const path = fields(place)
  return path && { kind: 'variable', at: end, path: [name, ...path] }
}

/** `.a.b.c`, whose first dot is here. */
function fields(place: Place): string[] | undefined {
  const { text } = place
  const path: string[] = []
  while (text.charCodeAt(place.at) === DOT) {
    const start = place.at + 1
    if (!isLetter(text.charCodeAt(start))) return undefined
    place.at = wordEnd(text, start)
    path.push(text.slice(start, place.at))
  }
  return isBehindWord(text, place.at) ? path : undefined
}

/** A text in double quotes without escapes, of printable ASCII. */
function textAt(place: Place): OperandNode | undefined {
  const { text, at } = place
  let end = at + 1
  for (let code = text.charCodeAt(end); code !== QUOTE; code = text.charCodeAt(++end)) {
    if (!(code >= SPACE && code < DELETE) || code === BACKSLASH) return undefined
  }
  place.at = end + 1
  return { kind: 'string', at, quoted: text.slice(at, end + 1), text: text.slice(at + 1, end) }
}

function parenthesized(place: Place, depth: number): OperandNode | undefined {
  const { text } = place
  if (depth >= MAX_DEPTH) return undefined
  place.at++
  skipBlanks(place)
  const { at } = place
  const commands = commandsAt(place, depth + 1)
  if (!commands || text.charCodeAt(place.at) !== CLOSE) return undefined
  const behind = ++place.at
  const node: PipeNode = { kind: 'pipe', at, isAssignment: false, declared: NONE.declared, commands }
  if (text.charCodeAt(behind) !== DOT) return node
  const path = fields(place)
  return path && { kind: 'chain', at: behind, node, fields: path }
}

/** Of so few digits that every type holds it. */
function wholeNumber(place: Place): OperandNode | undefined {
  const { text, at } = place
  let end = at
  while (isDigit(text.charCodeAt(end))) end++
  place.at = end
  if (end - at > 9 || !isBehindWord(text, end) || text.charCodeAt(end) === DOT || (end - at > 1 && text.charCodeAt(at) === ZERO)) return undefined
  return numberNode(at, text.slice(at, end), 'number')
}

function identifier(place: Place): OperandNode | undefined {
  const { p, text, at } = place
  const end = wordEnd(text, at)
  if (!isBehindWord(text, end) || text.charCodeAt(end) === DOT) return undefined
  place.at = end
  const name = text.slice(at, end)
  if (name === 'true' || name === 'false') return { kind: 'bool', at, value: name === 'true' }
  return !isKeyword(name) && p.shared.functions.has(name) ? { kind: 'identifier', at, name } : undefined
}

/** Where the right delimiter starts; undefined where none stands here. */
function rightDelimiter({ text, at }: Place): number | undefined {
  if (text.startsWith('}}', at)) return at
  return isBlank(text.charCodeAt(at - 1)) && text.startsWith('-}}', at) ? at + 1 : undefined
}

function skipBlanks(place: Place): void {
  const { text } = place
  while (isBlank(text.charCodeAt(place.at))) place.at++
}

function wordEnd(text: string, start: number): number {
  let at = start
  for (let code = text.charCodeAt(at); isLetter(code) || isDigit(code); code = text.charCodeAt(at)) at++
  return at
}

/** Whether a word may end before `at`: not all that may stand there, but what mostly does. */
function isBehindWord(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return isBlank(code) || code === BAR || code === CLOSE || code === DOT || (code === BRACE && text.charCodeAt(at + 1) === BRACE)
}

function isBlank(code: number): boolean {
  return code === SPACE || code === 0x0a || code === 0x09 || code === 0x0d
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
