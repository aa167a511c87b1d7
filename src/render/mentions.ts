import type { BranchNode, CommandNode, ListNode, OperandNode, PipeNode, StatementNode } from '../template/ast.ts'

/** What code that may not have run says of values. */
export interface Mentions {
  /** Paths behind `.Values`, keys joined by dots: what lies below them may be read, too. */
  readonly paths: Set<string>
  /** Last fields of paths behind anything else, and texts that may be keys: what lies below them may be read, too. */
  readonly names: Set<string>
  /** Fields on the way to such a last one. */
  readonly steps: Set<string>
}

/** Functions that take keys of a map, or hand it on to code that names its own: naming all values as an argument reads none. */
const READS_NONE: ReadonlySet<string> = new Set([
  'index',
  'get',
  'hasKey',
  'dig',
  'pluck',
  'set',
  'unset',
  'include',
  'tpl',
  'dict',
  'list',
  'tuple',
  'and',
  'or',
  'not',
  'empty',
  'typeIs',
  'kindIs',
])
/** Functions that do not look at all of their arguments. */
const STOPS_EARLY: ReadonlySet<string> = new Set(['and', 'or'])

/** One walk through a template. `isOpen`: what is met here may not have run. */
interface Place {
  readonly into: Mentions
  readonly isOpen: boolean
}

/**
 * Adds what a template's body mentions where it need not have run: in branches and loops, behind `and` and `or`, and everywhere
 * when the body itself never ran.
 */
export function collectMentions(into: Mentions, body: ListNode, hasRun: boolean): void {
  ofList(body, { into, isOpen: !hasRun })
}

function ofList(list: ListNode, place: Place): void {
  for (const item of list.items) ofStatement(item, place)
}

function ofStatement(node: StatementNode, place: Place): void {
  switch (node.kind) {
    case 'action':
      ofPipe(node.pipe, place)
      break
    case 'template':
      if (node.pipe) ofPipe(node.pipe, place, true)
      break
    case 'if':
    case 'with':
    case 'range':
      ofBranch(node, place)
  }
}

function ofBranch({ kind, pipe, list, elseList }: BranchNode, place: Place): void {
  ofPipe(pipe, place, kind !== 'range')
  ofList(list, { ...place, isOpen: true })
  if (elseList) ofList(elseList, { ...place, isOpen: true })
}

/** `handsOn`: a pipe of one operand alone reads nothing of it yet. */
function ofPipe(pipe: PipeNode, place: Place, handsOn = pipe.declared.length > 0): void {
  for (const command of pipe.commands) ofCommand(command, place, handsOn && pipe.commands.length === 1)
}

function ofCommand({ args }: CommandNode, place: Place, handsOn: boolean): void {
  const [first] = args
  const name = first?.kind === 'identifier' ? first.name : ''
  const inner = STOPS_EARLY.has(name) ? { ...place, isOpen: true } : place
  const readsNone = READS_NONE.has(name) || (handsOn && args.length === 1)
  for (const arg of args) ofOperand(arg, inner, readsNone)
}

function ofOperand(node: OperandNode, place: Place, readsNone: boolean): void {
  if (node.kind === 'pipe') ofPipe(node, place, readsNone)
  else if (node.kind === 'chain') ofOperand(node.node, place, true)
  if (!place.isOpen) return
  if (node.kind === 'chain') mention(node.fields, place.into, readsNone)
  else if (node.kind === 'field') mention(node.path, place.into, readsNone)
  else if (node.kind === 'variable') mention(node.path.slice(1), place.into, readsNone)
  else if (node.kind === 'string') {
    for (const key of [node.text, ...node.text.split('.')]) place.into.names.add(key)
    collectTextMentions(place.into, node.text)
  }
}

function mention(path: readonly string[], { paths, names, steps }: Mentions, readsNone: boolean): void {
  const values = path.indexOf('Values')
  if (values < 0) for (const [i, key] of path.entries()) (i < path.length - 1 ? steps : names).add(key)
  else if (values < path.length - 1 || !readsNone) paths.add(path.slice(values + 1).join('.'))
}

/** Adds the paths behind `.Values` in a text that may be run as a template: a value, or a file beside the templates. */
export function collectTextMentions({ paths }: Mentions, text: string): void {
  if (!text.includes('{{')) return
  for (const [, path] of text.matchAll(/\.Values\.([\w.-]*\w)/g)) paths.add(path as string)
}
