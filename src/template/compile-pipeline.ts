import { quote } from '../go/quote.ts'
import type { ChainNode, CommandNode, FieldNode, IdentifierNode, OperandNode, PipeNode, VariableNode } from './ast.ts'
import { type Argument, type CallSite, callFunction, literalValue } from './call.ts'
import { evaluateFieldChain, type FieldChain } from './field.ts'
import { assignVariable, type Frame, fail, pushVariable, variableIndex } from './frame.ts'
import { nodeText } from './node-text.ts'
import { NOTHING, type Piped, type Value } from './value.ts'

/** Computes a value. */
export type Evaluate = (frame: Frame, dot: Value) => Value

type EvaluateCommand = (frame: Frame, dot: Value, piped: Piped) => Value

/** A pipeline as a function; the nil interface comes out as an invalid value, as in Go. */
export function compilePipeline(pipe: PipeNode): Evaluate {
  const commands = pipe.commands.map(compileCommand)
  const names = pipe.declared.map((variable) => variable.path[0] as string)
  if (commands.length === 1 && names.length === 0) return compileSingle(pipe, commands[0] as EvaluateCommand)
  const set = pipe.isAssignment ? assignVariable : pushVariable
  return (frame, dot) => {
    frame.node = pipe
    let piped: Piped = NOTHING
    for (const command of commands) piped = command(frame, dot, piped) ?? undefined
    const value = piped as Value
    for (const name of names) set(frame, name, value)
    return value
  }
}

function compileSingle(pipe: PipeNode, command: EvaluateCommand): Evaluate {
  return (frame, dot) => {
    frame.node = pipe
    return command(frame, dot, NOTHING) ?? undefined
  }
}

function compileCommand(command: CommandNode): EvaluateCommand {
  const [first, ...rest] = command.args as [OperandNode, ...OperandNode[]]
  const args = rest.map(compileArgument)
  switch (first.kind) {
    case 'field':
      return compileField(first, args)
    case 'chain':
      return compileChain(first, args)
    case 'identifier':
      return compileCall(first, { node: command, name: first.name, args })
    case 'variable':
      return compileVariable(first, args)
    case 'pipe':
      return compileParenthesized(first, args)
    default:
      return compileConstant(first, args)
  }
}

function compileField(node: FieldNode, args: readonly Argument[]): EvaluateCommand {
  const chain: FieldChain = { node, path: node.path, args }
  return (frame, dot, piped) => {
    frame.node = node
    return evaluateFieldChain(frame, dot, dot, frame.dotInInterface, chain, piped)
  }
}

function compileVariable(node: VariableNode, args: readonly Argument[]): EvaluateCommand {
  const [name, ...path] = node.path as [string, ...string[]]
  if (path.length > 0) {
    const chain: FieldChain = { node, path, args }
    return (frame, dot, piped) => {
      frame.node = node
      const index = variableIndex(frame, name)
      return evaluateFieldChain(frame, dot, frame.values[index], frame.inInterface[index] as boolean, chain, piped)
    }
  }
  return (frame, _dot, piped) => {
    frame.node = node
    const value = frame.values[variableIndex(frame, name)]
    refuseArguments(frame, node, args, piped)
    return value
  }
}

function compileChain(node: ChainNode, args: readonly Argument[]): EvaluateCommand {
  const chain: FieldChain = { node, path: node.fields, args }
  const base = compileArgument(node.node)
  return (frame, dot, piped) => {
    frame.node = node
    if (base.evaluate === undefined) fail(frame, `indirection through explicit nil in ${nodeText(node)}`)
    frame.node = node.node
    return evaluateFieldChain(frame, dot, base.evaluate(frame, dot), false, chain, piped)
  }
}

function compileCall(identifier: IdentifierNode, site: CallSite): EvaluateCommand {
  const { name } = identifier
  return (frame, dot, piped) => {
    frame.node = identifier
    const fn = frame.surroundings.function(name)
    if (!fn) fail(frame, `${quote(name)} is not a defined function`)
    return callFunction(frame, dot, fn, site, piped)
  }
}

function compileParenthesized(pipe: PipeNode, args: readonly Argument[]): EvaluateCommand {
  const evaluate = compilePipeline(pipe)
  return (frame, dot, piped) => {
    refuseArguments(frame, pipe, args, piped)
    return evaluate(frame, dot)
  }
}

function compileConstant(node: OperandNode, args: readonly Argument[]): EvaluateCommand {
  const evaluate = compileConstantValue(node)
  return (frame, dot, piped) => {
    frame.node = node
    refuseArguments(frame, node, args, piped)
    return evaluate(frame, dot)
  }
}

function compileConstantValue(node: OperandNode): Evaluate {
  switch (node.kind) {
    case 'dot':
      return (_frame, dot) => dot
    case 'nil':
      return (frame) => fail(frame, 'nil is not a command')
    case 'string':
      return () => node.text
    case 'bool':
      return () => node.value
    default:
      return (frame) => literalValue(frame, node)
  }
}

function refuseArguments(frame: Frame, node: OperandNode, args: readonly Argument[], piped: Piped): void {
  if (args.length === 0 && piped === NOTHING) return
  fail(frame, `can't give argument to non-function ${nodeText(node)}`)
}

/** An operand as an argument; literals are left to the parameter's type. */
function compileArgument(node: OperandNode): Argument {
  switch (node.kind) {
    case 'dot':
      return { node, evaluate: (_frame, dot) => dot }
    case 'field':
    case 'variable':
    case 'chain':
      return { node, evaluate: withoutPipe(compileOperand(node)) }
    case 'identifier':
      return { node, evaluate: withoutPipe(compileCall(node, { node, name: node.name, args: [] })) }
    case 'pipe':
      return { node, evaluate: compilePipeline(node) }
    default:
      return { node, evaluate: undefined }
  }
}

function compileOperand(node: FieldNode | VariableNode | ChainNode): EvaluateCommand {
  if (node.kind === 'field') return compileField(node, [])
  return node.kind === 'variable' ? compileVariable(node, []) : compileChain(node, [])
}

function withoutPipe(evaluate: EvaluateCommand): Evaluate {
  return (frame, dot) => evaluate(frame, dot, NOTHING)
}
