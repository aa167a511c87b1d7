import { nodeHost } from '../../src/base/host-node.ts'
import { runCli } from '../../src/cli/run.ts'

/** What a command line printed and how it ended. */
export interface Outcome {
  readonly stdout: string
  readonly stderr: string
  readonly exit: number
}

/** Runs `flotilla ARGS` in this process, without a terminal, in `cwd` with exactly the variables given. */
export async function runFlotilla(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>>; readonly stdin?: string },
): Promise<Outcome> {
  const out: string[] = []
  const err: string[] = []
  const terminal = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    ask: async () => undefined,
    readInput: () => options.stdin ?? '',
    colorOut: false,
    colorErr: false,
    live: false,
    columns: 80,
  }
  const exit = await runCli(nodeHost({ cwd: options.cwd, env: options.env }), terminal, args, new AbortController().signal)
  return { stdout: out.join(''), stderr: err.join(''), exit }
}
