const RULES: readonly (readonly [summary: RegExp, hint: string])[] = [
  [/^error calling index: value has type int; should be string$/, 'entries of a map go by their keys: index MAP "KEY"'],
  [/^expected integer; found "/, 'write the number without quotes'],
  [/^expected string; found \d/, 'write the text in "quotes"'],
  [/^can't give argument to non-function |is not a method but has arguments$/, 'a function stands before all of its arguments, as in: and A B'],
  [/^undefined variable: /, 'declare it first with := on this level or above: = changes only what is there'],
]

/** Advice on an error that has nothing to do with values: how the template should be written. */
export function execHint(summary: string): string | undefined {
  return RULES.find(([pattern]) => pattern.test(summary))?.[1]
}
