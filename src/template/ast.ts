/** The tree of a template. Every node keeps the offset Go reports for it; see `node-text.ts` for how nodes are printed in errors. */
export type Node = ListNode | TextNode | ActionNode | BranchNode | TemplateNode | BreakNode | ContinueNode | PipeNode | CommandNode | OperandNode

/** What can stand as an argument of a command. */
export type OperandNode = IdentifierNode | VariableNode | DotNode | NilNode | FieldNode | ChainNode | BoolNode | NumberNode | StringNode | PipeNode

/** What can stand in a list. */
export type StatementNode = TextNode | ActionNode | BranchNode | TemplateNode | BreakNode | ContinueNode

interface At {
  /** UTF-16 offset into the text. */
  readonly at: number
}

/** Text and actions in order. */
export interface ListNode extends At {
  readonly kind: 'list'
  readonly items: readonly StatementNode[]
}

/** Text to be copied. */
export interface TextNode extends At {
  readonly kind: 'text'
  readonly text: string
}

/** `{{ pipeline }}` */
export interface ActionNode extends At {
  readonly kind: 'action'
  readonly pipe: PipeNode
}

/** `{{ if }}`, `{{ with }}` or `{{ range }}` with their branches. */
export interface BranchNode extends At {
  readonly kind: 'if' | 'with' | 'range'
  readonly pipe: PipeNode
  readonly list: ListNode
  readonly elseList: ListNode | undefined
}

/** `{{ template "name" pipeline }}` */
export interface TemplateNode extends At {
  readonly kind: 'template'
  readonly name: string
  readonly pipe: PipeNode | undefined
}

/** `{{ break }}` */
export interface BreakNode extends At {
  readonly kind: 'break'
}

/** `{{ continue }}` */
export interface ContinueNode extends At {
  readonly kind: 'continue'
}

/** `$x := command | command` */
export interface PipeNode extends At {
  readonly kind: 'pipe'
  readonly isAssignment: boolean
  readonly declared: readonly VariableNode[]
  readonly commands: readonly CommandNode[]
}

/** Operands side by side: a function or method and its arguments, or one value. */
export interface CommandNode extends At {
  readonly kind: 'command'
  readonly args: readonly OperandNode[]
}

/** The name of a function. */
export interface IdentifierNode extends At {
  readonly kind: 'identifier'
  readonly name: string
}

/** `$x.Field`: the variable's name with its `$`, then fields. */
export interface VariableNode extends At {
  readonly kind: 'variable'
  readonly path: readonly string[]
}

/** `.` */
export interface DotNode extends At {
  readonly kind: 'dot'
}

/** `nil` */
export interface NilNode extends At {
  readonly kind: 'nil'
}

/** `.Field.Field` */
export interface FieldNode extends At {
  readonly kind: 'field'
  readonly path: readonly string[]
}

/** `(pipeline).Field` or `function.Field` */
export interface ChainNode extends At {
  readonly kind: 'chain'
  readonly node: OperandNode
  readonly fields: readonly string[]
}

/** `true` or `false` */
export interface BoolNode extends At {
  readonly kind: 'bool'
  readonly value: boolean
}

/** A number with all the types it can stand for. */
export interface NumberNode extends At {
  readonly kind: 'number'
  readonly text: string
  readonly int: bigint | undefined
  readonly uint: bigint | undefined
  readonly float: number | undefined
  readonly complex: { readonly real: number; readonly imaginary: number } | undefined
}

/** A string literal, quotes undone; `quoted` as it was written. */
export interface StringNode extends At {
  readonly kind: 'string'
  readonly quoted: string
  readonly text: string
}

/** One template of a parsed text: the text itself, or a `define` or `block` in it. */
export interface Tree {
  readonly name: string
  readonly root: ListNode
}

/** Whether a body holds nothing but blank text; such a definition never replaces another. */
export function isEmptyList(list: ListNode): boolean {
  return list.items.every((item) => item.kind === 'text' && isBlank(item.text))
}

/** Blank by Go's `bytes.TrimSpace`: Unicode white space. */
function isBlank(text: string): boolean {
  return /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*$/.test(text)
}
