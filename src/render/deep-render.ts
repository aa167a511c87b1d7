import { MessageChannel, Worker } from 'node:worker_threads'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { Chart } from '../chart/chart.ts'
import { type Transferred, toTransferred } from '../go/transfer.ts'
import type { GoMap } from '../go/values.ts'
import { defaultLimits, type TemplateLimits } from '../template/limits.ts'
import type { Capabilities } from './capabilities.ts'
import { type Oracle, type Question, Unanswered } from './lookup.ts'
import { RenderError } from './render-error.ts'
import type { RenderContext } from './render-templates.ts'
import type { ReleaseInfo } from './template-data.ts'
import { hear, say, type ThreadLine } from './thread-line.ts'

/** What the thread is to render; plain data. */
export interface DeepJob {
  readonly chart: Chart
  readonly given: Transferred
  readonly release: ReleaseInfo
  readonly capabilities: Capabilities
  readonly limits: Partial<TemplateLimits>
  readonly hasLookup: boolean
  readonly hasHosts: boolean
}

/** What the thread is started with; it sends `DeepReply` and gets an answer for each question. */
export interface DeepData {
  readonly job: DeepJob
  readonly line: ThreadLine
}

/** What the thread wants to know of its host or its oracles, or how it ended; `failed` without an error where that cannot leave it. */
export type DeepReply =
  | { readonly kind: 'started' | 'now' | 'failed' }
  | { readonly kind: 'random'; readonly length: number }
  | { readonly kind: 'question'; readonly question: Question }
  | { readonly kind: 'rendered'; readonly texts: ReadonlyMap<string, string> }
  | { readonly kind: 'error'; readonly message: string; readonly diagnostics: readonly Diagnostic[] }

/** Room for 1,000 includes whatever stands between them; memory is taken only as far as they go. */
const STACK_MB = 64
/** Milliseconds a thread may take to start. */
const START = 15_000

/** Whether templates were stopped because they ran too deep inside one another. */
export function isTooDeep(error: unknown): boolean {
  return error instanceof RenderError && error.diagnostics[0]?.code === 'template/too-deep'
}

/** @throws Unanswered where somebody has to be asked first */
function answer(oracle: Oracle | undefined, question: Question): Transferred {
  const known = oracle?.(question)
  if (known === undefined) throw new Unanswered(question)
  return toTransferred(known) ?? null
}

interface Talk {
  readonly line: ThreadLine
  readonly context: RenderContext
  readonly tooDeep: RenderError
}

function followed({ line, context, tooDeep }: Talk): ReadonlyMap<string, string> {
  let wait = START
  for (;;) {
    const reply = hear(line, wait) as DeepReply | undefined
    wait = (context.limits?.milliseconds ?? defaultLimits.milliseconds) + START
    switch (reply?.kind) {
      case 'started':
        break
      case 'now':
        say(line, context.host.now())
        break
      case 'random':
        say(line, context.host.randomBytes(reply.length))
        break
      case 'question':
        say(line, answer(reply.question.kind === 'host' ? context.hosts : context.lookup, reply.question))
        break
      case 'rendered':
        return reply.texts
      case 'error':
        throw reply.message === tooDeep.message ? tooDeep : new RenderError(reply.message, reply.diagnostics, { cause: tooDeep })
      default:
        throw tooDeep
    }
  }
}

/**
 * Renders in a thread with a stack many times as large, waiting for it: what `renderTemplates` gives for the chart as loaded and
 * the values as given. The usual stack ends at some 300 includes inside one another, where Helm allows 1,000.
 *
 * @param tooDeep how rendering ended here; thrown again where the thread comes no further
 * @throws RenderError and Unanswered as `renderTemplates`
 */
export function renderDeeply(chart: Chart, given: GoMap, context: RenderContext, tooDeep: RenderError): ReadonlyMap<string, string> {
  // Those who are told of refusals are told in this thread.
  const values = context.onRefusal ? undefined : toTransferred(given)
  if (values === undefined) throw tooDeep
  const { release, capabilities, limits = {}, lookup, hosts } = context
  const job: DeepJob = { chart, given: values, release, capabilities, limits, hasLookup: lookup !== undefined, hasHosts: hosts !== undefined }
  const { port1, port2 } = new MessageChannel()
  const counts = new Int32Array(new SharedArrayBuffer(8))
  const data: DeepData = { job, line: { port: port2, counts, own: 1 } }
  const worker = new Worker(new URL('./deep-thread.js', import.meta.url), {
    workerData: data,
    transferList: [port2],
    execArgv: [],
    resourceLimits: { stackSizeMb: STACK_MB },
  })
  // Whatever ends it, its silence is noticed.
  worker.on('error', () => {})
  try {
    return followed({ line: { port: port1, counts, own: 0 }, context, tooDeep })
  } finally {
    port1.close()
    worker.unref()
    void worker.terminate()
  }
}
