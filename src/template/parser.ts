import { type DiagnosticError, failure } from '../base/diagnostic.ts'
import { nearest } from '../base/nearest.ts'
import type { Source } from '../base/source.ts'
import { positionAt } from '../base/source.ts'
import { byteLength } from '../go/bytes.ts'
import { quote, unquote } from '../go/quote.ts'
import { GoError } from '../go/values.ts'
import type {
  ActionNode,
  BranchNode,
  ChainNode,
  CommandNode,
  ListNode,
  OperandNode,
  PipeNode,
  StatementNode,
  TemplateNode,
  Tree,
  VariableNode,
} from './ast.ts'
import { isEmptyList } from './ast.ts'
import { type Lexer, lex } from './lexer.ts'
import { nodeText } from './node-text.ts'
import { numberNode } from './parse-number-node.ts'
import { isStackOverflow } from './stack-end.ts'
import { isKeyword, type Token, type TokenKind } from './token.ts'

/** Go's bound on nested parentheses; JavaScript's stack may end before, which is reported in the same words. */
const MAX_NESTING = 10_000

/**
 * The trees of a template text: one for each `define` and `block` in it, and the last for the text itself, named `source.name`.
 *
 * @param isFunction whether a name can be called, builtins included
 * @throws DiagnosticError `template/syntax`, Go's cause as summary, at the token Go's line number belongs to
 * Source: Go 1.26 text/template/parse/parse.go.
 */
export function parse(source: Source, isFunction: (name: string) => boolean): ReadonlyMap<string, Tree> {
  const shared: Shared = { source, lexer: lex(source.text), isFunction, trees: new Map() }
  const p = newTreeParser(shared, source.name)
  try {
    const root = parseText(p)
    addTree(p, { name: source.name, root })
  } catch (error) {
    if (isStackOverflow(error)) fail(p, 'max expression depth exceeded')
    throw error
  }
  return shared.trees
}

interface Shared {
  readonly source: Source
  readonly lexer: Lexer
  readonly isFunction: (name: string) => boolean
  readonly trees: Map<string, Tree>
}

/** The state of one tree being parsed; a `define` or `block` has its own over the same lexer. */
interface TreeParser {
  readonly shared: Shared
  readonly name: string
  /** Look-ahead, the last token read first. */
  readonly tokens: [Token, Token, Token]
  peeked: number
  variables: string[]
  /** Where the action being read started; undefined between actions. */
  actionStart: number | undefined
  rangeDepth: number
  parenDepth: number
}

const NO_TOKEN: Token = { kind: 'eof', start: 0, value: '' }

function newTreeParser(shared: Shared, name: string): TreeParser {
  return {
    shared,
    name,
    tokens: [NO_TOKEN, NO_TOKEN, NO_TOKEN],
    peeked: 0,
    variables: ['$'],
    actionStart: undefined,
    rangeDepth: 0,
    parenDepth: 0,
  }
}

/** The end of a list: `{{ end }}` or `{{ else }}`. */
type Keyworded = { readonly kind: 'end' | 'else'; readonly at: number; readonly text: string }

function isKeyworded(node: StatementNode | Keyworded): node is Keyworded {
  return node.kind === 'end' || node.kind === 'else'
}

function fail(p: TreeParser, summary: string, hint?: string): never {
  throw syntaxError(p, summary, hint)
}

function syntaxError(p: TreeParser, summary: string, hint?: string): DiagnosticError {
  const { start, value, kind } = p.tokens[0]
  const length = kind === 'error' ? 1 : Math.max(1, value.length)
  return failure('template/syntax', summary, { at: { source: p.shared.source, start, end: start + length }, ...(hint ? { hint } : {}) })
}

/** Runs `read`, turning a Go error (a bad literal) into a syntax error here. */
function orFail<T>(p: TreeParser, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof GoError) fail(p, error.message)
    throw error
  }
}

function lexNext(p: TreeParser): Token {
  const token = p.shared.lexer.next()
  const isShadowed = (token.kind === 'break' || token.kind === 'continue') && p.shared.isFunction(token.kind)
  return isShadowed ? { ...token, kind: 'identifier' } : token
}

function next(p: TreeParser): Token {
  if (p.peeked > 0) p.peeked--
  else p.tokens[0] = lexNext(p)
  return p.tokens[p.peeked] as Token
}

function backup(p: TreeParser): void {
  p.peeked++
}

function peek(p: TreeParser): Token {
  if (p.peeked > 0) return p.tokens[p.peeked - 1] as Token
  p.peeked = 1
  p.tokens[0] = lexNext(p)
  return p.tokens[0]
}

function nextNonSpace(p: TreeParser): Token {
  for (;;) {
    const token = next(p)
    if (token.kind !== 'space') return token
  }
}

function peekNonSpace(p: TreeParser): Token {
  const token = nextNonSpace(p)
  backup(p)
  return token
}

function expect(p: TreeParser, kind: TokenKind, context: string): Token {
  const token = nextNonSpace(p)
  return token.kind === kind ? token : unexpected(p, token, context)
}

function unexpected(p: TreeParser, token: Token, context: string): never {
  if (token.kind !== 'error') fail(p, `unexpected ${tokenText(token)} in ${context}`)
  fail(p, token.value + actionNote(p, token))
}

function actionNote(p: TreeParser, token: Token): string {
  if (p.actionStart === undefined) return ''
  const { source } = p.shared
  const { line } = positionAt(source, p.actionStart)
  if (line === positionAt(source, token.start).line) return ''
  return `${token.value.endsWith(' action') ? '' : ' in action'} started at ${source.name}:${line}`
}

function tokenText(token: Token): string {
  if (token.kind === 'eof') return 'EOF'
  if (token.kind === 'error') return token.value
  if (isKeyword(token.kind)) return `<${token.value}>`
  if (byteLength(token.value) > 10) return `${quote(Array.from(token.value).slice(0, 10).join(''))}...`
  return quote(token.value)
}

function parseText(p: TreeParser): ListNode {
  const at = peek(p).start
  const items: StatementNode[] = []
  while (peek(p).kind !== 'eof') {
    if (peek(p).kind === 'left delimiter' && parseDefinition(p)) continue
    const node = textOrAction(p)
    if (isKeyworded(node)) fail(p, `unexpected ${node.text}`)
    items.push(node)
  }
  return { kind: 'list', at, items }
}

/** Reads `{{ define }}` to its end; false, with nothing consumed, when the action is another. */
function parseDefinition(p: TreeParser): boolean {
  const delimiter = next(p)
  if (nextNonSpace(p).kind !== 'define') {
    p.tokens[1] = delimiter
    p.peeked = 2
    return false
  }
  const context = 'define clause'
  const inner = newTreeParser(p.shared, 'definition')
  const token = nextNonSpace(inner)
  const name = templateName(inner, token, context)
  expect(inner, 'right delimiter', context)
  const { list, end } = itemList(inner)
  if (end.kind !== 'end') fail(inner, `unexpected ${end.text} in ${context}`)
  addTree(inner, { name, root: list })
  return true
}

function templateName(p: TreeParser, token: Token, context: string): string {
  if (token.kind !== 'string' && token.kind !== 'raw string') unexpected(p, token, context)
  return orFail(p, () => unquote(token.value))
}

function addTree(p: TreeParser, tree: Tree): void {
  const known = p.shared.trees.get(tree.name)
  if (known === undefined || isEmptyList(known.root)) p.shared.trees.set(tree.name, tree)
  else if (!isEmptyList(tree.root)) fail(p, `template: multiple definition of template ${quote(tree.name)}`)
}

function itemList(p: TreeParser): { list: ListNode; end: Keyworded } {
  const at = peekNonSpace(p).start
  const items: StatementNode[] = []
  while (peekNonSpace(p).kind !== 'eof') {
    const node = textOrAction(p)
    if (isKeyworded(node)) return { list: { kind: 'list', at, items }, end: node }
    items.push(node)
  }
  fail(p, 'unexpected EOF')
}

function textOrAction(p: TreeParser): StatementNode | Keyworded {
  const token = nextNonSpace(p)
  if (token.kind === 'text') return { kind: 'text', at: token.start, text: token.value }
  if (token.kind !== 'left delimiter') unexpected(p, token, 'input')
  p.actionStart = token.start
  const node = action(p)
  p.actionStart = undefined
  return node
}

function action(p: TreeParser): StatementNode | Keyworded {
  const token = nextNonSpace(p)
  switch (token.kind) {
    case 'block':
      return blockControl(p)
    case 'break':
    case 'continue':
      return loopControl(p, token.kind, token.start)
    case 'else':
      return elseControl(p)
    case 'end':
      return { kind: 'end', at: expect(p, 'right delimiter', 'end').start, text: '{{end}}' }
    case 'if':
    case 'range':
    case 'with':
      return branchControl(p, token.kind)
    case 'template':
      return templateControl(p)
    default:
      backup(p)
      return pipelineAction(p)
  }
}

function pipelineAction(p: TreeParser): ActionNode {
  const { start } = peek(p)
  return { kind: 'action', at: start, pipe: pipeline(p, 'command', 'right delimiter') }
}

function loopControl(p: TreeParser, kind: 'break' | 'continue', at: number): StatementNode {
  const token = nextNonSpace(p)
  if (token.kind !== 'right delimiter') unexpected(p, token, `{{${kind}}}`)
  if (p.rangeDepth === 0) fail(p, `{{${kind}}} outside {{range}}`)
  return { kind, at }
}

function elseControl(p: TreeParser): Keyworded {
  const following = peekNonSpace(p)
  const isChain = following.kind === 'if' || following.kind === 'with'
  const at = isChain ? following.start : expect(p, 'right delimiter', 'else').start
  return { kind: 'else', at, text: '{{else}}' }
}

function branchControl(p: TreeParser, kind: 'if' | 'with' | 'range'): BranchNode {
  const known = p.variables.length
  const pipe = pipeline(p, kind, 'right delimiter')
  if (kind === 'range') p.rangeDepth++
  const { list, end } = itemList(p)
  if (kind === 'range') p.rangeDepth--
  const elseList = end.kind === 'else' ? elseBranch(p, kind, end) : undefined
  p.variables.length = known
  return { kind, at: pipe.at, pipe, list, elseList }
}

/** `{{ else if }}` is read as `{{ else }}{{ if }}…{{ end }}` with one `{{ end }}` for both. */
function elseBranch(p: TreeParser, kind: 'if' | 'with' | 'range', start: Keyworded): ListNode {
  if (kind !== 'range' && peek(p).kind === kind) {
    next(p)
    return { kind: 'list', at: start.at, items: [branchControl(p, kind)] }
  }
  const { list, end } = itemList(p)
  if (end.kind !== 'end') fail(p, `expected end; found ${end.text}`)
  return list
}

function blockControl(p: TreeParser): TemplateNode {
  const context = 'block clause'
  const token = nextNonSpace(p)
  const name = templateName(p, token, context)
  const pipe = pipeline(p, context, 'right delimiter')
  const inner = newTreeParser(p.shared, name)
  const { list, end } = itemList(inner)
  // Go counts this mistake at the block's own action, unlike that of a define.
  if (end.kind !== 'end') fail(p, `unexpected ${end.text} in ${context}`)
  addTree(inner, { name, root: list })
  return { kind: 'template', at: token.start, name, pipe }
}

function templateControl(p: TreeParser): TemplateNode {
  const context = 'template clause'
  const token = nextNonSpace(p)
  const name = templateName(p, token, context)
  if (nextNonSpace(p).kind === 'right delimiter') return { kind: 'template', at: token.start, name, pipe: undefined }
  backup(p)
  return { kind: 'template', at: token.start, name, pipe: pipeline(p, context, 'right delimiter') }
}

interface Declarations {
  readonly declared: readonly VariableNode[]
  readonly isAssignment: boolean
}

function pipeline(p: TreeParser, context: string, end: TokenKind): PipeNode {
  const at = peekNonSpace(p).start
  const { declared, isAssignment } = declarations(p, context)
  const commands: CommandNode[] = []
  for (let token = nextNonSpace(p); token.kind !== end; token = nextNonSpace(p)) {
    if (!startsOperand(token.kind)) unexpected(p, token, context)
    backup(p)
    commands.push(command(p))
  }
  checkPipeline(p, commands, context)
  return { kind: 'pipe', at, isAssignment, declared, commands }
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
  commands.forEach(({ args }, i) => {
    if (i > 0 && VALUES.has((args[0] as OperandNode).kind)) fail(p, `non executable command in pipeline stage ${i + 1}`)
  })
}

function command(p: TreeParser): CommandNode {
  const at = peekNonSpace(p).start
  const args: OperandNode[] = []
  for (;;) {
    peekNonSpace(p)
    const node = operand(p)
    if (node) args.push(node)
    const token = next(p)
    if (token.kind === 'space') continue
    if (token.kind === 'right delimiter' || token.kind === 'right paren') backup(p)
    else if (token.kind !== 'pipe') unexpected(p, token, 'operand')
    break
  }
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
      if (!p.shared.isFunction(token.value)) fail(p, `function ${quote(token.value)} not defined`)
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
  if (!p.variables.includes(name)) fail(p, `undefined variable ${quote(name)}`, nearVariable(p, name))
  return { kind: 'variable', at: token.start, path }
}

function nearVariable(p: TreeParser, name: string): string | undefined {
  const near = nearest(name, p.variables)
  return near === undefined ? undefined : `declare ${name} first, or use ${near}`
}
