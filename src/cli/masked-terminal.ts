import { type Conceal, concealer } from '../base/conceal.ts'
import type { Look } from './look.ts'
import type { Terminal } from './terminal.ts'

const STAND_IN = '(secret)'

/** The one place all output passes: what was secret before is hidden in it, until `reveal` is called. */
export interface MaskedTerminal extends Terminal, Look {
  /** Prints `value` as one line of JSON, secrets hidden inside its texts. */
  json(value: unknown): void
  /** Prints a document that is of use only as it is: manifests, build output. */
  exact(text: string): void
  /** Makes more values secret. */
  conceal(values: readonly string[]): void
  /** From now on nothing is hidden: `--show-secrets`. */
  reveal(): void
  /** `text` as it will be printed; for what is cut to a width before. */
  masked(text: string): string
  /** `text` with everything secret hidden, revealed or not; for what goes into records. */
  concealed(text: string): string
  /** What is to be hidden; nothing after `reveal`. */
  secrets(): readonly string[]
  /** Every value that was made secret, revealed or not; for what goes into files. */
  everySecret(): readonly string[]
}

/** `terminal` with secrets hidden in everything that is printed, in the given look. */
export function maskedTerminal(terminal: Terminal, look: Look): MaskedTerminal {
  const known = new Set<string>()
  let isRevealed = false
  let current: Conceal | undefined
  const concealed = (text: string): string => {
    current ??= concealer(known, () => STAND_IN)
    return current(text)
  }
  const masked = (text: string): string => (isRevealed ? text : concealed(text))
  return {
    ...terminal,
    ...look,
    out: (text) => terminal.out(masked(text)),
    err: (text) => terminal.err(masked(text)),
    json: (value) => terminal.out(`${JSON.stringify(value, (_, item) => (typeof item === 'string' ? masked(item) : item))}\n`),
    exact: (text) => terminal.out(text),
    conceal: (values) => {
      for (const value of values) known.add(value)
      current = undefined
    },
    reveal: () => {
      isRevealed = true
    },
    masked,
    concealed,
    secrets: () => (isRevealed ? [] : [...known]),
    everySecret: () => [...known],
  }
}
