import { type DiagnosticError, failure } from '../base/diagnostic.ts'
import { positionAt, type Source } from '../base/source.ts'
import { byteLength } from '../go/bytes.ts'
import { quote } from '../go/quote.ts'
import { GoError } from '../go/values.ts'
import type { CommandNode, OperandNode, StatementNode, Tree } from './ast.ts'
import type { Lexer } from './lexer.ts'
import { likelyMistake } from './likely-mistake.ts'
import { syntaxHint } from './syntax-hints.ts'
import { isKeyword, type Token, type TokenKind } from './token.ts'

/** Names that can be called: any map or set of them. */
export interface FunctionNames {
  has(name: string): boolean
  keys(): Iterable<string>
}

/** What all trees of one text have in common while they are parsed. */
export interface Shared {
  readonly source: Source
  readonly lexer: Lexer
  readonly functions: FunctionNames
  readonly trees: Map<string, Tree>
  /** How many statements and operands were read. */
  parts: number
}

/** Statements and operands that one text may have: a hundred times what large ones do. */
const MAX_PARTS = 500_000

/** The state of one tree being parsed; a `define` or `block` has its own over the same lexer. */
export interface TreeParser {
  readonly shared: Shared
  readonly name: string
  /** Look-ahead, the last token read first. */
  readonly tokens: [Token, Token, Token]
  peeked: number
  variables: string[]
  /**
   * Parts of what is being read, outer ones first: a list is cut off here when it is whole, since one that grows takes room for many
   * more, and trees are kept.
   */
  readonly commands: CommandNode[]
  readonly operands: OperandNode[]
  readonly statements: StatementNode[]
  /** Where the action being read started; undefined between actions. */
  actionStart: number | undefined
  rangeDepth: number
  parenDepth: number
}

const NO_TOKEN: Token = { kind: 'eof', start: 0, value: '' }

/** A parser for the tree `name`, at the place the shared lexer has reached. */
export function newTreeParser(shared: Shared, name: string): TreeParser {
  return {
    shared,
    name,
    tokens: [NO_TOKEN, NO_TOKEN, NO_TOKEN],
    peeked: 0,
    variables: ['$'],
    commands: [],
    operands: [],
    statements: [],
    actionStart: undefined,
    rangeDepth: 0,
    parenDepth: 0,
  }
}

/** What a syntax error may tell beside its summary. */
interface FailOptions {
  /** Advice where none is known by the summary. */
  readonly hint?: string | undefined
  /** What is wrong, where that is not the last token read. */
  readonly token?: Token
}

/** Counts a statement or an operand. @throws DiagnosticError `template/syntax` when there are too many to be kept */
export function countPart(p: TreeParser): void {
  if (++p.shared.parts > MAX_PARTS) fail(p, `the template has more than ${MAX_PARTS} parts`)
}

/** Throws the syntax error `summary` at the last token read, where Go counts its line. */
export function fail(p: TreeParser, summary: string, options: FailOptions = {}): never {
  throw syntaxError(p, summary, options)
}

function syntaxError(p: TreeParser, summary: string, { hint, token }: FailOptions): DiagnosticError {
  const { source } = p.shared
  const last = p.tokens[0]
  const isOnLine = token !== undefined && positionAt(source, token.start).line === positionAt(source, last.start).line
  const { start, value, kind } = isOnLine ? token : last
  const length = kind === 'error' ? 1 : Math.max(1, value.length)
  const likely = likelyMistake(source, start, summary)
  const advice = likely?.text ?? syntaxHint(source.text, start, summary) ?? hint
  return failure('template/syntax', summary, {
    at: { source, start, end: start + length },
    ...(advice === undefined ? {} : { hint: advice }),
    ...(likely ? { notes: [likely] } : {}),
  })
}

/** Runs `read`, turning a Go error (a bad literal) into a syntax error here. */
export function orFail<T>(p: TreeParser, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof GoError) fail(p, error.message)
    throw error
  }
}

function lexNext(p: TreeParser): Token {
  const token = p.shared.lexer.next()
  const isShadowed = (token.kind === 'break' || token.kind === 'continue') && p.shared.functions.has(token.kind)
  return isShadowed ? { ...token, kind: 'identifier' } : token
}

/** The next token, which is consumed. */
export function next(p: TreeParser): Token {
  if (p.peeked > 0) p.peeked--
  else p.tokens[0] = lexNext(p)
  return p.tokens[p.peeked] as Token
}

/** Puts the last token back. */
export function backup(p: TreeParser): void {
  p.peeked++
}

/** The next token, which stays. */
export function peek(p: TreeParser): Token {
  if (p.peeked > 0) return p.tokens[p.peeked - 1] as Token
  p.peeked = 1
  p.tokens[0] = lexNext(p)
  return p.tokens[0]
}

/** Where the next token starts, without reading it. */
export function peekedStart(p: TreeParser): number {
  return p.peeked > 0 ? (p.tokens[p.peeked - 1] as Token).start : p.shared.lexer.at()
}

/** The next token that is no blank, which is consumed. */
export function nextNonSpace(p: TreeParser): Token {
  for (;;) {
    const token = next(p)
    if (token.kind !== 'space') return token
  }
}

/** The next token that is no blank, which stays; blanks before it are consumed. */
export function peekNonSpace(p: TreeParser): Token {
  const token = nextNonSpace(p)
  backup(p)
  return token
}

/** Consumes the next token, which must be of that kind. */
export function expect(p: TreeParser, kind: TokenKind, context: string): Token {
  const token = nextNonSpace(p)
  return token.kind === kind ? token : unexpected(p, token, context)
}

/** Throws for a token that cannot stand in `context`. */
export function unexpected(p: TreeParser, token: Token, context: string): never {
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
