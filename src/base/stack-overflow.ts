/** Whether JavaScript ran out of stack; a regular expression met there says so as a syntax error. Calls as little as can be. */
export function isStackOverflow(error: unknown): boolean {
  return (error instanceof RangeError || error instanceof SyntaxError) && error.message.endsWith('Maximum call stack size exceeded')
}
