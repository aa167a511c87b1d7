import { setMaxListeners } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { DiagnosticError } from '../base/diagnostic.ts'
import { nodeHost } from '../base/host-node.ts'
import { exitCodes } from './exit-codes.ts'
import { chooseCommand } from './parse-argv.ts'
import { runCli } from './run.ts'
import type { Terminal } from './terminal.ts'

function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return Promise.resolve(undefined)
  return new Promise((resolve) => {
    const prompt = createInterface({ input: process.stdin, output: process.stderr })
    prompt.once('close', () => resolve(undefined))
    prompt.question(question, (answer) => {
      resolve(answer)
      prompt.close()
    })
  })
}

const terminal: Terminal = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  ask,
  readInput: () => readFileSync(0, 'utf8'),
  outIsTerminal: process.stdout.isTTY === true,
  errIsTerminal: process.stderr.isTTY === true,
  columns: () => process.stderr.columns || 80,
  rows: () => process.stderr.rows || 24,
}

/** The first signal asks the command to stop cleanly; the second ends the process at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController()
  // Every request in flight listens; there is no leak to warn of.
  setMaxListeners(0, controller.signal)
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted)
    controller.abort(Object.assign(new Error('interrupted'), { name: 'AbortError' }))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return controller.signal
}

// A reader that closes early (`| head`) is no failure of ours, and no reason to leave a release half done.
function goOnUnread(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

/** Runs the command line of this process (`argv` without node and script); resolves to its exit code. */
export function runProcess(argv: readonly string[]): Promise<number> {
  goOnUnread(process.stdout)
  goOnUnread(process.stderr)
  return runCli(nodeHost(), terminal, argv, stopSignal())
}

/** The command that `argv` runs; undefined where it runs none. */
export function commandOf(argv: readonly string[]): string | undefined {
  try {
    return chooseCommand(argv)?.entry.name
  } catch (error) {
    if (error instanceof DiagnosticError) return undefined
    throw error
  }
}
