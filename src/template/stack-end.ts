import type { Node } from './ast.ts'
import { type Frame, fail } from './frame.ts'

/** Calls one inside the other from which the end of the stack is put down to a recursion of templates. */
const RECURSION = 50

/** Whether JavaScript ran out of stack; a regular expression met there says so as a syntax error. Calls as little as can be. */
export function isStackOverflow(error: unknown): boolean {
  return (error instanceof RangeError || error instanceof SyntaxError) && error.message.endsWith('Maximum call stack size exceeded')
}

/** Reports the end of the stack met somewhere below a function that `frame` called at `node`, in the words of that function's owner. */
export function failInCall(frame: Frame, node: Node, name: string): never {
  const { budget, endlessCalls } = frame.surroundings
  frame.node = node
  const names = budget.stackEnd ?? []
  const reason = names.length >= RECURSION && endlessCalls ? endlessCalls(names) : tooDeep(frame)
  return fail(frame, `error calling ${name}: ${reason}`, { code: 'template/too-deep', note: { text: runningText(names) } })
}

/** Names a note shows of those that ran: enough to see a ring of several. */
const SHOWN_NAMES = 8

function runningText(names: readonly string[]): string {
  return `running inside one another: ${names.slice(0, SHOWN_NAMES).join(', ')}${names.length > SHOWN_NAMES ? ', …' : ''}`
}

/** Reports the end of the stack met in templates that call one another: Go's own bound, which the stack does not let happen. */
export function failAtStackEnd(frame: Frame): never {
  const deepest = frame.surroundings.budget.deepest?.caller
  return fail(deepest && deepest.depth >= RECURSION ? deepest : frame, tooDeep(frame), { code: 'template/too-deep' })
}

function tooDeep({ surroundings }: Frame): string {
  return `exceeded maximum template depth (${surroundings.budget.limits.depth})`
}
