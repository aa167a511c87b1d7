import type { Source } from '../base/source.ts'
import { isStackOverflow } from '../base/stack-overflow.ts'
import { quote, unquote } from '../go/quote.ts'
import { type ActionNode, type BranchNode, isEmptyList, type ListNode, type StatementNode, type TemplateNode, type Tree } from './ast.ts'
import { lex } from './lexer.ts'
import { pipeline } from './parse-pipeline.ts'
import type { Token } from './token.ts'
import {
  backup,
  countPart,
  expect,
  type FunctionNames,
  fail,
  newTreeParser,
  next,
  nextNonSpace,
  orFail,
  peek,
  peekNonSpace,
  type Shared,
  type TreeParser,
  unexpected,
} from './tree-parser.ts'

/**
 * The trees of a template text: one for each `define` and `block` in it, and the last for the text itself, named `source.name`.
 *
 * @param functions the names that can be called, builtins included
 * @throws DiagnosticError `template/syntax`, Go's cause as summary, at the token Go's line number belongs to
 * Source: Go 1.26 text/template/parse/parse.go.
 */
export function parse(source: Source, functions: FunctionNames): ReadonlyMap<string, Tree> {
  const shared: Shared = { source, lexer: lex(source.text), functions, trees: new Map(), parts: 0 }
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

/** The end of a list: `{{ end }}` or `{{ else }}`. */
type Keyworded = { readonly kind: 'end' | 'else'; readonly at: number; readonly text: string }

function isKeyworded(node: StatementNode | Keyworded): node is Keyworded {
  return node.kind === 'end' || node.kind === 'else'
}

function parseText(p: TreeParser): ListNode {
  const at = peek(p).start
  while (peek(p).kind !== 'eof') {
    if (peek(p).kind === 'left delimiter' && parseDefinition(p)) continue
    const node = textOrAction(p)
    if (isKeyworded(node)) fail(p, `unexpected ${node.text}`)
    p.statements.push(node)
  }
  return { kind: 'list', at, items: p.statements.splice(0) }
}

/** Reads `{{ define }}` to its end; false, with nothing consumed, when the action is another. */
function parseDefinition(p: TreeParser): boolean {
  const delimiter = next(p)
  const opening = nextNonSpace(p)
  if (opening.kind !== 'define') {
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
  const { length } = p.statements
  while (peekNonSpace(p).kind !== 'eof') {
    const node = textOrAction(p)
    if (isKeyworded(node)) return { list: { kind: 'list', at, items: p.statements.splice(length) }, end: node }
    p.statements.push(node)
  }
  return fail(p, 'unexpected EOF')
}

function textOrAction(p: TreeParser): StatementNode | Keyworded {
  const token = nextNonSpace(p)
  countPart(p)
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
