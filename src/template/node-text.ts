import { quote } from '../go/quote.ts'
import type { BranchNode, ChainNode, CommandNode, Node, PipeNode } from './ast.ts'

/** A node as Go prints it in error messages (`Node.String`): spaces and trim markers normalized. */
export function nodeText(node: Node): string {
  switch (node.kind) {
    case 'list':
      return node.items.map(nodeText).join('')
    case 'text':
      return node.text
    case 'action':
      return `{{${pipeText(node.pipe)}}}`
    case 'if':
    case 'with':
    case 'range':
      return branchText(node)
    case 'template':
      return `{{template ${quote(node.name)}${node.pipe ? ` ${pipeText(node.pipe)}` : ''}}}`
    case 'break':
      return '{{break}}'
    case 'continue':
      return '{{continue}}'
    case 'command':
      return commandText(node)
    default:
      return operandText(node)
  }
}

function operandText(
  node: Exclude<Node, { kind: 'list' | 'text' | 'action' | 'if' | 'with' | 'range' | 'template' | 'break' | 'continue' | 'command' }>,
): string {
  switch (node.kind) {
    case 'pipe':
      return pipeText(node)
    case 'identifier':
      return node.name
    case 'variable':
      return node.path.join('.')
    case 'dot':
      return '.'
    case 'nil':
      return 'nil'
    case 'field':
      return node.path.map((name) => `.${name}`).join('')
    case 'chain':
      return chainText(node)
    case 'bool':
      return String(node.value)
    case 'number':
      return node.text
    case 'string':
      return node.quoted
  }
}

function branchText(node: BranchNode): string {
  const otherwise = node.elseList ? `{{else}}${nodeText(node.elseList)}` : ''
  return `{{${node.kind} ${pipeText(node.pipe)}}}${nodeText(node.list)}${otherwise}{{end}}`
}

function pipeText(pipe: PipeNode): string {
  const declared = pipe.declared.map(nodeText).join(', ')
  const operator = declared === '' ? '' : pipe.isAssignment ? ' = ' : ' := '
  return declared + operator + pipe.commands.map(commandText).join(' | ')
}

function commandText(command: CommandNode): string {
  return command.args.map((arg) => (arg.kind === 'pipe' ? `(${pipeText(arg)})` : nodeText(arg))).join(' ')
}

function chainText(node: ChainNode): string {
  const base = node.node.kind === 'pipe' ? `(${pipeText(node.node)})` : nodeText(node.node)
  return base + node.fields.map((field) => `.${field}`).join('')
}
