/** Where a command prints. Results go to `out`, progress and messages to `err`. */
export interface Terminal {
  out(text: string): void
  err(text: string): void
  /** One line a person types at a prompt; undefined where nobody can answer (no terminal, end of input). */
  ask(question: string): Promise<string | undefined>
  /** All of standard input. */
  readInput(): string
  /** Colour in results, colour in messages. */
  readonly colorOut: boolean
  readonly colorErr: boolean
  /** Whether `err` is a terminal that can be redrawn. */
  readonly live: boolean
  /** Columns of the terminal, 80 where unknown. */
  readonly columns: number
}
