import { nodeHost } from '../../src/base/host-node.ts'
import { runCli } from '../../src/cli/run.ts'

/** What a command line printed and how it ended. */
export interface Outcome {
  readonly stdout: string
  readonly stderr: string
  readonly exit: number
}

/** Where and how a command runs. */
export interface CommandOptions {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin?: string
  /** What a person types at each prompt in turn, after which nobody answers; absent: nobody ever does. */
  readonly answers?: readonly string[]
  /** Aborted: what Ctrl-C does. */
  readonly signal?: AbortSignal
  /** Standard error is a terminal of so many columns; absent: it is none. */
  readonly columns?: number
  /** Called with each piece of output as it is printed; `interrupt` does what Ctrl-C does. */
  readonly onOutput?: (text: string, interrupt: () => void) => void
}

/** Runs `flotilla ARGS` in this process, without a terminal (but as `answers` and `columns` say), in `cwd` with exactly the variables given. */
export async function runFlotilla(args: readonly string[], options: CommandOptions): Promise<Outcome> {
  const out: string[] = []
  const err: string[] = []
  const answers = [...(options.answers ?? [])]
  const stop = new AbortController()
  const print = (into: string[], text: string): void => {
    into.push(text)
    options.onOutput?.(text, () => stop.abort())
  }
  const terminal = {
    out: (text: string) => print(out, text),
    err: (text: string) => print(err, text),
    ask: async (question: string) => {
      const answer = answers.shift()
      if (answer !== undefined) print(err, `${question}${answer}\n`)
      return answer
    },
    readInput: () => options.stdin ?? '',
    outIsTerminal: false,
    errIsTerminal: options.columns !== undefined,
    columns: () => options.columns ?? 80,
    rows: () => 24,
  }
  options.signal?.addEventListener('abort', () => stop.abort(options.signal?.reason), { once: true })
  const exit = await runCli(nodeHost({ cwd: options.cwd, env: options.env }), terminal, args, stop.signal)
  return { stdout: out.join(''), stderr: err.join(''), exit }
}
