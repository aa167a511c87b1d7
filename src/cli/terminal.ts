/** Where a command prints. Results go to `out`, progress and messages to `err`. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** One line a person types at a prompt; undefined where nobody can answer (no terminal, end of input). */
  ask(question: string): Promise<string | undefined>
  /** All of standard input. */
  readInput(): string
  /** Whether results, and whether messages, go to a terminal instead of a file or pipe. */
  readonly outIsTerminal: boolean
  readonly errIsTerminal: boolean
  /** Size of the terminal now in characters; 80 by 24 where unknown. */
  columns(): number
  rows(): number
}
