/*
 * The other end of `render-thread.ts`: started as a thread of its own, it does one job after the other. Whatever goes wrong here is
 * answered with nothing: the first thread does such a job again and says what is wrong.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { nodeHost } from '../base/host-node.ts'
import type { Chart } from '../chart/chart.ts'
import { fromTransferred } from '../go/transfer.ts'
import type { GoMap } from '../go/values.ts'
import { renderChart } from '../render/render-chart.ts'
import type { ThreadAnswer, ThreadData, ThreadMessage } from './render-thread.ts'
import { renderOptionsOf, type Templated, templated } from './template-job.ts'

const host = nodeHost(workerData as ThreadData)
const charts: Chart[] = []

function attempt({ chart, values, job }: Extract<ThreadMessage, { readonly job: unknown }>): Templated | undefined {
  try {
    return templated(renderChart(charts[chart] as Chart, fromTransferred(values) as GoMap, renderOptionsOf(host, job)), job)
  } catch (error) {
    if (error instanceof Error) return undefined
    throw error
  }
}

parentPort?.on('message', (message: ThreadMessage) => {
  if ('add' in message) charts.push(message.add)
  else parentPort?.postMessage(attempt(message) satisfies ThreadAnswer)
})
