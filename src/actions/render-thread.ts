import { Worker } from 'node:worker_threads'
import type { Host } from '../base/host.ts'
import type { Chart } from '../chart/chart.ts'
import { type Transferred, toTransferred } from '../go/transfer.ts'
import type { GoMap } from '../go/values.ts'
import type { Templated, TemplateJob } from './template-job.ts'

/** What the thread is started with: where the machine it reads from stands. */
export type ThreadData = Pick<Host, 'cwd' | 'env'>

/** A chart, counted from 0 in the order they are added, or a job over one of them. */
export type ThreadMessage = { readonly add: Chart } | { readonly chart: number; readonly values: Transferred; readonly job: TemplateJob }

/** Undefined where the job could not be done. Answers come in the order of the jobs. */
export type ThreadAnswer = Templated | undefined

/** Another thread that renders; `close` ends it, done or not. */
export interface RenderThread {
  /** Resolves to undefined where the job has to be done here: what it needs cannot leave this thread, or it fails. */
  render(chart: Chart, values: GoMap, job: TemplateJob): Promise<Templated | undefined>
  close(): Promise<void>
}

/** Starts a thread. */
export function startRenderThread({ cwd, env }: Host): RenderThread {
  const data: ThreadData = { cwd, env: { ...env } }
  const worker = new Worker(new URL('./template-thread.js', import.meta.url), { workerData: data, execArgv: [] })
  const waiting: ((answer: ThreadAnswer) => void)[] = []
  const charts = new Map<Chart, number>()
  let isOver = false
  const giveUp = (): void => {
    isOver = true
    for (const resolve of waiting.splice(0)) resolve(undefined)
  }
  worker.on('message', (answer: ThreadAnswer) => waiting.shift()?.(answer))
  worker.on('error', giveUp)
  worker.on('exit', giveUp)
  const numberOf = (chart: Chart): number => {
    const known = charts.get(chart)
    if (known !== undefined) return known
    worker.postMessage({ add: chart } satisfies ThreadMessage)
    charts.set(chart, charts.size)
    return charts.size - 1
  }
  const post = (chart: Chart, values: Transferred, job: TemplateJob): boolean => {
    try {
      worker.postMessage({ chart: numberOf(chart), values, job } satisfies ThreadMessage)
      return true
    } catch (error) {
      if (error instanceof DOMException && error.name === 'DataCloneError') return false
      throw error
    }
  }
  return {
    render: async (chart, given, job) => {
      const values = isOver ? undefined : toTransferred(given)
      if (values === undefined || !post(chart, values, job)) return undefined
      return new Promise((resolve) => waiting.push(resolve))
    },
    close: async () => {
      await worker.terminate()
    },
  }
}
