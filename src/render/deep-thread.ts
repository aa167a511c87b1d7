/*
 * The other end of `deep-render.ts`: started as a thread with a large stack, it renders one chart and ends. Clock, randomness and
 * oracles are those of the thread that waits for it.
 */
import { workerData } from 'node:worker_threads'
import type { Host } from '../base/host.ts'
import { fromTransferred, type Transferred } from '../go/transfer.ts'
import type { GoMap } from '../go/values.ts'
import type { DeepData, DeepJob, DeepReply } from './deep-render.ts'
import type { Oracle } from './lookup.ts'
import { prepareChart } from './render-chart.ts'
import { RenderError } from './render-error.ts'
import { type RenderContext, renderTemplates } from './render-templates.ts'
import { hear, say } from './thread-line.ts'

const { job, line } = workerData as DeepData

function ask(reply: DeepReply): unknown {
  say(line, reply)
  return hear(line, Number.POSITIVE_INFINITY)
}

const host: Pick<Host, 'now' | 'randomBytes'> = {
  now: () => ask({ kind: 'now' }) as number,
  randomBytes: (length) => ask({ kind: 'random', length }) as Uint8Array,
}

const oracle: Oracle = (question) => fromTransferred(ask({ kind: 'question', question }) as Transferred) as GoMap | string

function contextOf({ release, capabilities, limits, hasLookup, hasHosts }: DeepJob): RenderContext {
  return { host, release, capabilities, limits, ...(hasLookup && { lookup: oracle }), ...(hasHosts && { hosts: oracle }) }
}

function rendered(): DeepReply {
  const context = contextOf(job)
  try {
    const { chart, values } = prepareChart(job.chart, fromTransferred(job.given) as GoMap, { ...context, skipSchemaValidation: true })
    return { kind: 'rendered', texts: renderTemplates(chart, values, context) }
  } catch (error) {
    if (!(error instanceof RenderError)) return { kind: 'failed' }
    return { kind: 'error', message: error.message, diagnostics: error.diagnostics }
  }
}

function sayEnd(reply: DeepReply): void {
  try {
    say(line, reply)
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
    say(line, { kind: 'failed' } satisfies DeepReply)
  }
}

say(line, { kind: 'started' } satisfies DeepReply)
sayEnd(rendered())
