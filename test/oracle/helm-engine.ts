import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface, type Interface } from 'node:readline'

/** A template with what stands beside it in a chart called `t`, or arguments of `helm` and the folder to run it in. */
export type Question =
  | { readonly template: string; readonly values?: string; readonly defines?: string; readonly files?: Readonly<Record<string, string>> }
  | { readonly folder: string; readonly args: readonly string[] }

/** What Helm printed; `error` where it failed, `warnings` is standard error of a command that did not. */
export interface Answer {
  readonly output: string
  readonly error?: string
  readonly warnings?: string
}

/** Who knows what Helm prints. */
export interface Oracle {
  ask(question: Question): Promise<Answer>
}

/** How many questions one process answers: each command leaves something behind in Helm's command line library. */
const QUESTIONS_PER_PROCESS = 300

/** Helm in a process of its own that answers one question after the other. */
export class HelmEngine implements Oracle {
  readonly #program: string
  readonly #env: NodeJS.ProcessEnv
  #child: ChildProcessWithoutNullStreams | undefined
  #lines: AsyncIterator<string> | undefined
  #reader: Interface | undefined
  #asked = 0

  constructor(program: string, home: string) {
    this.#program = program
    this.#env = { PATH: process.env['PATH'], HOME: home, TZ: 'UTC', KUBECONFIG: '/nonexistent', GOMEMLIMIT: '1GiB' }
  }

  /** @throws Error when the process ends without an answer */
  async ask(question: Question): Promise<Answer> {
    const args = 'args' in question
    if (!this.#child || (args && this.#asked >= QUESTIONS_PER_PROCESS)) this.#start()
    this.#asked++
    this.#child?.stdin.write(`${JSON.stringify(question)}\n`)
    const line = await this.#lines?.next()
    if (line === undefined || line.done) {
      this.#child = undefined
      throw new Error(`Helm ended without an answer to ${JSON.stringify(question)}`)
    }
    return JSON.parse(line.value) as Answer
  }

  /** Ends the process. */
  close(): void {
    this.#child?.stdin.end()
    this.#reader?.close()
    this.#child = undefined
  }

  #start(): void {
    this.close()
    this.#asked = 0
    this.#child = spawn(this.#program, [], { env: this.#env, stdio: ['pipe', 'pipe', 'pipe'] })
    this.#child.stderr.resume()
    this.#reader = createInterface({ input: this.#child.stdout })
    this.#lines = this.#reader[Symbol.asyncIterator]()
  }
}
