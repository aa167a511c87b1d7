import { quote } from '../go/quote.ts'
import { GoError } from '../go/values.ts'
import type { Node } from './ast.ts'
import { followEndlessCalls, type SeenCall } from './endless-calls.ts'
import { type Budget, type Frame, fail } from './frame.ts'
import { nodeText } from './node-text.ts'
import { goLocation } from './template-error.ts'

/** Calls one inside the other from which the end of the stack is put down to a recursion of templates. */
const RECURSION = 50

/**
 * Handles the end of the stack met below a function that `frame` called at `node`: inner executions note their call and pass the
 * error on, the outermost one reports it in the words of that function's owner.
 */
export function failInCall(frame: Frame, node: Node, name: string, error: unknown): never {
  const { budget, endlessCalls } = frame.surroundings
  frame.node = node
  const depth = budget.running.length
  if (depth > 1) {
    budget.trail[depth - 1] = callText(frame, name)
    throw error
  }
  const calls = seenCalls(budget, callText(frame, name))
  const isEndless = calls.length >= RECURSION && endlessCalls
  const { reason, text } = isEndless ? followEndlessCalls(calls, endlessCalls) : { reason: tooDeep(frame), text: '' }
  const above = text.slice(calls[0]?.text.length)
  const note = { text: runningText(calls) }
  return fail(frame, `error calling ${name}: ${above}${reason}`, { code: 'template/too-deep', cause: new GoError(reason), summary: reason, note })
}

function callText(frame: Frame, name: string): string {
  const { source, name: executing } = frame.body
  const { node } = frame
  return `template: ${goLocation(source, node.at)}: executing ${quote(executing)} at <${nodeText(node)}>: error calling ${name}: `
}

/** The innermost calls of the trail, which may be incomplete: there was hardly any stack to note them with. */
const UNSURE = 2

function seenCalls({ stackEnd = [], trail }: Budget, outermost: string): readonly SeenCall[] {
  const calls: SeenCall[] = []
  for (let i = 0; i + 1 < stackEnd.length; i++) {
    const text = i === 0 ? outermost : trail[i]
    if (text === undefined) break
    calls.push({ name: stackEnd[i + 1] as string, text })
  }
  return calls.slice(0, -UNSURE)
}

/** Names a note shows of those that ran: enough to see a ring of several. */
const SHOWN_NAMES = 8

function runningText(calls: readonly SeenCall[]): string {
  const names = calls.slice(0, SHOWN_NAMES).map((call) => call.name)
  return `running inside one another: ${names.join(', ')}${calls.length > SHOWN_NAMES ? ', …' : ''}`
}

/** Reports the end of the stack met in templates that call one another: Go's own bound, which the stack does not let happen. */
export function failAtStackEnd(frame: Frame): never {
  const deepest = frame.surroundings.budget.deepest?.caller
  return fail(deepest && deepest.depth >= RECURSION ? deepest : frame, tooDeep(frame), { code: 'template/too-deep' })
}

function tooDeep({ surroundings }: Frame): string {
  return `exceeded maximum template depth (${surroundings.budget.limits.depth})`
}
