import type { Note } from '../base/diagnostic.ts'
import { isHeapFull } from '../base/heap.ts'
import type { Source } from '../base/source.ts'
import { MAX_TEXT } from '../go/count-nodes.ts'
import { quote } from '../go/quote.ts'
import type { ListNode, Node } from './ast.ts'
import type { TemplateCode } from './codes.ts'
import type { TemplateLimits } from './limits.ts'
import { nodeText } from './node-text.ts'
import type { PreparedFunction } from './prepared-function.ts'
import { executionError } from './template-error.ts'
import type { Piece, Trace } from './trace.ts'
import type { Value } from './value.ts'

/** What one execution and all that it calls may still use; shared by nested executions. */
export interface Budget {
  readonly limits: TemplateLimits
  written: number
  iterations: number
  calls: number
  /** How much was counted since the last look at the memory, in units of about a byte. */
  made: number
  readonly now: (() => number) | undefined
  /** When the first execution began, by `now`. */
  startedAt: number | undefined
  /** Names of the executions under way, one inside the other, outermost first. */
  readonly running: string[]
  /** The frame `{{ template }}` started last; where an endless recursion is blamed. */
  deepest: Frame | undefined
  /** The names that were running when JavaScript's stack ended. */
  stackEnd: readonly string[] | undefined
  /** What was called then by the execution at each index of `running`, as Go writes it. */
  readonly trail: string[]
}

/** Where text goes. */
export interface Sink {
  text: string
  /** Present when what wrote each part is to be known. */
  readonly pieces?: Piece[]
}

/** What a frame asks its engine for. */
export interface Surroundings {
  readonly missingKey: 'default' | 'zero' | 'error'
  readonly budget: Budget
  readonly endlessCalls: ((names: Iterable<string>) => string) | undefined
  readonly trace: Trace | undefined
  body(name: string): TemplateBody | undefined
  function(name: string): PreparedFunction | undefined
}

/** How a step ends: 0 to go on, BREAK or CONTINUE on the way to the enclosing loop. */
export type Flow = 0 | 1 | 2
/** The way out of a loop. */
export const BREAK = 1
/** The way to a loop's next turn. */
export const CONTINUE = 2

/** A compiled piece of a template that writes. */
export type Step = (frame: Frame, dot: Value) => Flow

/** One runnable template: a text's own body, or a `define`. Immutable. */
export interface TemplateBody {
  readonly name: string
  readonly source: Source
  readonly isEmpty: boolean
  readonly root: ListNode
  readonly run: Step
}

/** The state of one template being executed. */
export interface Frame {
  readonly surroundings: Surroundings
  readonly body: TemplateBody
  readonly sink: Sink
  readonly depth: number
  /** The frame whose `{{ template }}` started this one. */
  readonly caller: Frame | undefined
  /** The node Go would blame for an error now. */
  node: Node
  /** Whether dot is held as `interface {}`, which Go's errors show. */
  dotInInterface: boolean
  /** Variables as a stack, `$` first: names, values, whether held as `interface {}`. */
  readonly names: string[]
  readonly values: Value[]
  readonly inInterface: boolean[]
}

const NOWHERE: Node = { kind: 'text', at: 0, text: '' }

/** A frame to run `body` with `dot`. */
export function newFrame(surroundings: Surroundings, body: TemplateBody, sink: Sink, dot: Value, caller?: Frame): Frame {
  surroundings.trace?.executed?.add(body.root)
  return {
    surroundings,
    body,
    sink,
    depth: caller ? caller.depth + 1 : 0,
    caller,
    node: NOWHERE,
    dotInInterface: false,
    names: ['$'],
    values: [dot],
    inInterface: [false],
  }
}

/** Declares a variable until the stack is cut below it. */
export function pushVariable(frame: Frame, name: string, value: Value): void {
  frame.names.push(name)
  frame.values.push(value)
  frame.inInterface.push(false)
}

/** Forgets all variables above `mark`, a former length of the stack. */
export function popVariables(frame: Frame, mark: number): void {
  frame.names.length = mark
  frame.values.length = mark
  frame.inInterface.length = mark
}

/** Where on the stack the last variable of that name is. Fails as Go does when it was declared in a branch not taken. */
export function variableIndex(frame: Frame, name: string): number {
  const index = frame.names.lastIndexOf(name)
  return index < 0 ? fail(frame, `undefined variable: ${name}`) : index
}

/** Sets the last declared variable of that name. */
export function assignVariable(frame: Frame, name: string, value: Value, inInterface = false): void {
  const index = variableIndex(frame, name)
  frame.values[index] = value
  frame.inInterface[index] = inInterface
}

/** Writes to the output, within the limit. */
export function write(frame: Frame, text: string): void {
  const { budget } = frame.surroundings
  budget.written += text.length
  if (budget.written > budget.limits.output)
    fail(frame, `output exceeds the limit of ${budget.limits.output} characters`, { code: 'template/too-much' })
  const { sink } = frame
  sink.pieces?.push({ from: sink.text.length, source: frame.body.source, node: frame.node })
  sink.text += text
}

/** How many calls pass between two looks at the clock. */
const CALLS_PER_LOOK = 8

/** Counts one call of a template or a function, within the limits of number and time. */
export function countCall(frame: Frame): void {
  const { budget } = frame.surroundings
  budget.calls++
  if (budget.calls > budget.limits.calls) fail(frame, `calls exceed the limit of ${budget.limits.calls}`, { code: 'template/too-much' })
  if (budget.calls % CALLS_PER_LOOK === 0 && budget.now) checkTime(frame, budget.now())
}

/** What a call counts for whatever its result, and what an item of a list counts for. */
const [CALL_SIZE, ITEM_SIZE] = [256, 64]
/** How much is made between two looks at the memory. */
const MADE_PER_LOOK: number = MAX_TEXT

/** Counts what the function called `name` at `node` gave back, within the limits of length and memory. */
export function countResult(frame: Frame, { node, name }: { readonly node: Node; readonly name: string }, result: Value): void {
  const { budget } = frame.surroundings
  budget.made += CALL_SIZE
  if (typeof result === 'string') budget.made += result.length
  else if (Array.isArray(result)) budget.made += result.length * ITEM_SIZE
  if (budget.made > MADE_PER_LOOK) checkSizes(frame, node, name, result)
}

/** A result that is too long is always one that a look is due for. */
function checkSizes(frame: Frame, node: Node, name: string, result: Value): void {
  const { budget } = frame.surroundings
  const { memory } = budget.limits
  budget.made = 0
  const isLong = typeof result === 'string' && result.length > MAX_TEXT
  if (!isLong && !isHeapFull(memory)) return
  frame.node = node
  fail(frame, isLong ? `error calling ${name}: the result is too long` : `rendering needs more than ${memory / 1024 / 1024} MB of memory`, {
    code: 'template/too-much',
  })
}

function checkTime(frame: Frame, now: number): void {
  const { budget } = frame.surroundings
  const limit = budget.limits.milliseconds
  if (now - (budget.startedAt ?? now) > limit) fail(frame, `rendering takes longer than ${limit / 1000} seconds`, { code: 'template/too-much' })
}

/** Throws the error Go raises at the current node. */
export function fail(
  frame: Frame,
  reason: string,
  options: {
    readonly code?: TemplateCode
    readonly cause?: unknown
    readonly note?: Note
    readonly summary?: string
    readonly hint?: string | undefined
  } = {},
): never {
  const text = nodeText(frame.node)
  const { source, name } = frame.body
  const at = { source, start: frame.node.at, end: frame.node.at + spanLength(source, frame.node, text) }
  const failure = {
    code: options.code ?? 'template/exec',
    reason,
    executing: name,
    node: text,
    at,
    calls: [...callsOf(frame), ...(options.note ? [options.note] : [])],
    summary: options.summary ?? reason,
    ...(options.hint === undefined ? {} : { hint: options.hint }),
  } as const
  throw executionError(options.cause === undefined ? failure : { ...failure, cause: options.cause })
}

/** As long as the node's text where the source reads the same, else up to the end of its line's word. */
function spanLength(source: Source, node: Node, text: string): number {
  if (source.text.startsWith(text, node.at)) return Math.max(1, text.length)
  return /^[^\s})|]+/.exec(source.text.slice(node.at, node.at + 200))?.[0].length ?? 1
}

function callsOf(frame: Frame): Note[] {
  const notes: Note[] = []
  for (let f = frame.caller; f !== undefined && notes.length < MAX_NOTES; f = f.caller) {
    const { source, name } = f.body
    const text = nodeText(f.node)
    const at = { source, start: f.node.at, end: f.node.at + spanLength(source, f.node, text) }
    notes.push({ text: `called from template ${quote(name)}`, at })
  }
  return notes
}

/** Calls a diagnostic shows at most; an endless recursion would fill pages. */
const MAX_NOTES = 20
