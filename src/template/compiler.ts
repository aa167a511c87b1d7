import type { Source } from '../base/source.ts'
import { TOO_MANY_NODES } from '../go/count-nodes.ts'
import { isTrue } from '../go/kind.ts'
import { sprint } from '../go/printf.ts'
import { quote } from '../go/quote.ts'
import { isGoObject } from '../go/values.ts'
import type { ActionNode, BranchNode, ListNode, StatementNode, TemplateNode, Tree } from './ast.ts'
import { isEmptyList } from './ast.ts'
import { isTooLarge } from './bounded-function.ts'
import { withBuiltins } from './builtins.ts'
import { compilePipeline } from './compile-pipeline.ts'
import { compileRange } from './compile-range.ts'
import { BREAK, CONTINUE, countCall, fail, newFrame, popVariables, type Step, type TemplateBody, write } from './frame.ts'
import { parse } from './parser.ts'
import { pointedTo } from './pointed-to.ts'
import type { FunctionNames } from './tree-parser.ts'
import type { Value } from './value.ts'

/**
 * A text as functions: in comes a `Source`, out comes one body for the text and one for each `define` and `block` in it.
 * Holds no functions of templates and nothing of a run, so it can be kept by content and shared between renders.
 */
export interface CompiledTemplate {
  readonly name: string
  readonly source: Source
  /** By name; the text's own body is `name`'s. */
  readonly bodies: ReadonlyMap<string, TemplateBody>
}

/**
 * Parses and compiles one text; `source.name` is the template's name.
 *
 * @param functions the names a template may call; Go's builtins need not be among them
 * @throws DiagnosticError `template/syntax` with Go's cause as summary: `function "x" not defined`, `unexpected EOF` …
 */
export function compileTemplate(source: Source, functions: FunctionNames): CompiledTemplate {
  const trees = parse(source, withBuiltins(functions))
  const bodies = new Map<string, TemplateBody>()
  for (const [name, tree] of trees) bodies.set(name, compileTree(source, tree))
  return { name: source.name, source, bodies }
}

/** The same text under another name, `source.name`; what has been compiled of it is shared. */
export function renamedTemplate({ name, bodies }: CompiledTemplate, source: Source): CompiledTemplate {
  const renamed = [...bodies.values()].map((body) => ({ ...body, source, name: body.name === name ? source.name : body.name }))
  return { name: source.name, source, bodies: new Map(renamed.map((body) => [body.name, body])) }
}

function compileTree(source: Source, { name, root }: Tree): TemplateBody {
  return { name, source, isEmpty: isEmptyList(root), root, run: compileList(root) }
}

/** Compiles when first run: of a large chart's templates most branches and defines never are. */
function compileList(list: ListNode): Step {
  let steps: readonly Step[] | undefined
  return (frame, dot) => {
    steps ??= list.items.map(compileStatement)
    frame.node = list
    for (const step of steps) {
      const flow = step(frame, dot)
      if (flow !== 0) return flow
    }
    return 0
  }
}

function compileStatement(node: StatementNode): Step {
  switch (node.kind) {
    case 'text':
      return (frame) => {
        frame.node = node
        write(frame, node.text)
        return 0
      }
    case 'action':
      return compileAction(node)
    case 'if':
    case 'with':
      return compileCondition(node)
    case 'range':
      return compileRange(node, compileList(node.list), node.elseList && compileList(node.elseList))
    case 'template':
      return compileTemplateCall(node)
    case 'break':
      return () => BREAK
    case 'continue':
      return () => CONTINUE
  }
}

function compileAction(node: ActionNode): Step {
  const evaluate = compilePipeline(node.pipe)
  const prints = node.pipe.declared.length === 0
  return (frame, dot) => {
    frame.node = node
    const value = evaluate(frame, dot)
    if (prints) {
      frame.node = node
      if (isTooLarge(value)) fail(frame, TOO_MANY_NODES, { code: 'template/too-much' })
      write(frame, typeof value === 'string' ? value : printed(value))
    }
    return 0
  }
}

function printed(value: Value): string {
  if (value === undefined || value === null) return '<no value>'
  return (isGoObject(value) ? value.addressedString?.() : undefined) ?? sprint([pointedTo(value)])
}

function compileCondition(node: BranchNode): Step {
  const evaluate = compilePipeline(node.pipe)
  const body = compileList(node.list)
  const otherwise = node.elseList && compileList(node.elseList)
  const setsDot = node.kind === 'with'
  return (frame, dot) => {
    frame.node = node
    const mark = frame.names.length
    const held = frame.dotInInterface
    const value = evaluate(frame, dot)
    const isTaken = isTrue(value)
    if (isTaken && setsDot) frame.dotInInterface = false
    const step = isTaken ? body : otherwise
    const flow = step ? step(frame, isTaken && setsDot ? value : dot) : 0
    frame.dotInInterface = held
    popVariables(frame, mark)
    return flow
  }
}

function compileTemplateCall(node: TemplateNode): Step {
  const evaluate = node.pipe && compilePipeline(node.pipe)
  return (frame, dot) => {
    frame.node = node
    const body = frame.surroundings.body(node.name)
    if (!body) fail(frame, `template ${quote(node.name)} not defined`, { code: 'template/missing' })
    const { budget } = frame.surroundings
    countCall(frame)
    const limit = budget.limits.depth
    if (frame.depth >= limit) fail(frame, `exceeded maximum template depth (${limit})`, { code: 'template/too-deep' })
    const argument: Value = evaluate ? evaluate(frame, dot) : undefined
    const blamed = frame.node
    frame.node = node
    const callee = newFrame(frame.surroundings, body, frame.sink, argument, frame)
    budget.deepest = callee
    body.run(callee, argument)
    frame.node = blamed
    return 0
  }
}
