import { nearest } from '../base/nearest.ts'
import { quote, unquote } from '../go/quote.ts'
import type { ChainNode, CommandNode, OperandNode, PipeNode, VariableNode } from './ast.ts'
import { nodeText } from './node-text.ts'
import { numberNode } from './parse-number-node.ts'
import { quickPipeline } from './quick-pipeline.ts'
import type { Token, TokenKind } from './token.ts'
import { backup, countPart, fail, next, nextNonSpace, orFail, peek, peekedStart, peekNonSpace, type TreeParser, unexpected } from './tree-parser.ts'

/** Go's bound on nested parentheses; JavaScript's stack may end before, which is reported in the same words. */
const MAX_NESTING = 10_000

interface Declarations {
  readonly declared: readonly VariableNode[]
  readonly isAssignment: boolean
}

const NO_DECLARATIONS: Declarations = { declared: [], isAssignment: false }

/**
 * Reads declarations and commands up to a token of kind `end`, which is consumed.
 *
 * @param context what Go calls the place in errors: `command`, `range`, `template clause` …
 * @throws DiagnosticError `template/syntax`
 */
export function pipeline(p: TreeParser, context: string, end: TokenKind): PipeNode {
  const quick = end === 'right delimiter' ? quickPipeline(p, peekedStart(p), context === 'range') : undefined
  if (!quick) return pipelineOfTokens(p, context, end)
  p.tokens[0] = p.shared.lexer.leaveAction(quick.end)
  p.peeked = 0
  return quick.pipe
}

/** As `pipeline`, however simple the text is. */
export function pipelineOfTokens(p: TreeParser, context: string, end: TokenKind): PipeNode {
  const first = peekNonSpace(p)
  const { declared, isAssignment } = first.kind === 'variable' ? declarations(p, context) : NO_DECLARATIONS
  const { length } = p.commands
  for (let token = nextNonSpace(p); token.kind !== end; token = nextNonSpace(p)) {
    if (!startsOperand(token.kind)) unexpected(p, token, context)
    backup(p)
    p.commands.push(command(p))
  }
  const commands = p.commands.splice(length)
  checkPipeline(p, commands, context)
  return { kind: 'pipe', at: first.start, isAssignment, declared, commands }
}

/** `$x :=`, `$x =` or, for `range`, `$i, $x :=`; nothing is consumed when the pipeline starts otherwise. */
function declarations(p: TreeParser, context: string): Declarations {
  const declared: VariableNode[] = []
  for (;;) {
    const variable = peekNonSpace(p)
    if (variable.kind !== 'variable') return { declared, isAssignment: false }
    next(p)
    const after = peek(p)
    const following = peekNonSpace(p)
    const isComma = following.kind === 'char' && following.value === ','
    if (following.kind !== 'assign' && following.kind !== 'declare' && !isComma) {
      pushBack(p, variable, after)
      return { declared, isAssignment: false }
    }
    nextNonSpace(p)
    declared.push({ kind: 'variable', at: variable.start, path: variable.value.split('.') })
    p.variables.push(variable.value)
    if (!isComma) return { declared, isAssignment: following.kind === 'assign' }
    expectSecondVariable(p, context, declared.length)
  }
}

function expectSecondVariable(p: TreeParser, context: string, count: number): void {
  if (context !== 'range' || count >= 2) fail(p, `too many declarations in ${context}`)
  const { kind } = peekNonSpace(p)
  if (kind !== 'variable' && kind !== 'right delimiter' && kind !== 'right paren') fail(p, 'range can only initialize variables')
}

function pushBack(p: TreeParser, variable: Token, after: Token): void {
  if (after.kind === 'space') {
    p.tokens[1] = after
    p.tokens[2] = variable
    p.peeked = 3
  } else {
    p.tokens[1] = variable
    p.peeked = 2
  }
}

const OPERAND_KINDS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'bool',
  'char constant',
  'complex',
  '.',
  'field',
  'identifier',
  'number',
  'nil',
  'raw string',
  'string',
  'variable',
  'left paren',
])

function startsOperand(kind: TokenKind): boolean {
  return OPERAND_KINDS.has(kind)
}

const VALUES: ReadonlySet<string> = new Set(['bool', 'dot', 'nil', 'number', 'string'])

function checkPipeline(p: TreeParser, commands: readonly CommandNode[], context: string): void {
  if (commands.length === 0) fail(p, `missing value for ${context}`)
  for (let i = 1; i < commands.length; i++)
    if (VALUES.has(((commands[i] as CommandNode).args[0] as OperandNode).kind)) fail(p, `non executable command in pipeline stage ${i + 1}`)
}

function command(p: TreeParser): CommandNode {
  const at = peekNonSpace(p).start
  const { length } = p.operands
  for (;;) {
    peekNonSpace(p)
    const node = operand(p)
    if (node) {
      countPart(p)
      p.operands.push(node)
    }
    const token = next(p)
    if (token.kind === 'space') continue
    if (token.kind === 'right delimiter' || token.kind === 'right paren') backup(p)
    else if (token.kind !== 'pipe') unexpected(p, token, 'operand')
    break
  }
  const args = p.operands.splice(length)
  if (args.length === 0) fail(p, 'empty command')
  return { kind: 'command', at, args }
}

function operand(p: TreeParser): OperandNode | undefined {
  const node = term(p)
  if (node === undefined || peek(p).kind !== 'field') return node
  const at = peek(p).start
  const fields: string[] = []
  while (peek(p).kind === 'field') fields.push(next(p).value.slice(1))
  return withFields(p, node, at, fields)
}

function withFields(p: TreeParser, node: OperandNode, at: number, fields: readonly string[]): OperandNode {
  switch (node.kind) {
    case 'field':
    case 'variable':
      return { kind: node.kind, at, path: [...node.path, ...fields] }
    case 'bool':
    case 'string':
    case 'number':
    case 'nil':
    case 'dot':
      return fail(p, `unexpected . after term ${quote(nodeText(node))}`)
    default:
      return { kind: 'chain', at, node, fields } satisfies ChainNode
  }
}

function term(p: TreeParser): OperandNode | undefined {
  const token = nextNonSpace(p)
  const at = token.start
  switch (token.kind) {
    case 'identifier':
      if (!p.shared.functions.has(token.value)) fail(p, `function ${quote(token.value)} not defined`, { hint: nearFunction(p, token) })
      return { kind: 'identifier', at, name: token.value }
    case '.':
      return { kind: 'dot', at }
    case 'nil':
      return { kind: 'nil', at }
    case 'variable':
      return useVariable(p, token)
    case 'field':
      return { kind: 'field', at, path: token.value.slice(1).split('.') }
    case 'bool':
      return { kind: 'bool', at, value: token.value === 'true' }
    case 'char constant':
    case 'complex':
    case 'number':
      return orFail(p, () => numberNode(at, token.value, token.kind as 'number'))
    case 'left paren':
      return parenthesized(p)
    case 'string':
    case 'raw string':
      return { kind: 'string', at, quoted: token.value, text: orFail(p, () => unquote(token.value)) }
    default:
      backup(p)
      return undefined
  }
}

function parenthesized(p: TreeParser): PipeNode {
  if (p.parenDepth >= MAX_NESTING) fail(p, 'max expression depth exceeded')
  p.parenDepth++
  const pipe = pipeline(p, 'parenthesized pipeline', 'right paren')
  p.parenDepth--
  return pipe
}

function useVariable(p: TreeParser, token: Token): VariableNode {
  const path = token.value.split('.')
  const name = path[0] as string
  if (!p.variables.includes(name)) fail(p, `undefined variable ${quote(name)}`, { hint: nearVariable(p, name), token })
  return { kind: 'variable', at: token.start, path }
}

/** What an action may begin with beside functions. */
const OPENING_WORDS = ['if', 'else', 'end', 'range', 'with', 'define', 'block', 'template']

function nearFunction(p: TreeParser, { value: name, start }: Token): string | undefined {
  const isFirst = /\{\{(?:-\s)?\s*$/.test(p.shared.source.text.slice(Math.max(0, start - 20), start))
  const near = nearest(name, [...(isFirst ? OPENING_WORDS : []), ...p.shared.functions.keys()])
  return near === undefined ? undefined : `did you mean ${near}?`
}

function nearVariable(p: TreeParser, name: string): string {
  const near = nearest(
    name,
    p.variables.filter((variable) => variable !== '$'),
  )
  return near === undefined ? `declare it before, outside of blocks that have ended: ${name} := VALUE` : `declare ${name} first, or use ${near}`
}
