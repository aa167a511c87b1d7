import { textOf, valueAt } from '../../base/json.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import { conditionsOf, countAt, failed, progressing, type Readiness, ready } from './readiness.ts'

/**
 * Ready as soon as it runs; failed when its condition says so.
 *
 * Source: fluxcd/cli-utils 1.2.2 pkg/kstatus/status/core.go
 */
export function jobReadiness(object: KubeObject): Readiness {
  const ended = endOf(object)
  if (ended) return ended
  if (textOf(valueAt(object, 'status', 'startTime')) === '') return progressing('Job not started')
  const count = (name: string) => countAt(object, ['status', name])
  return ready(`Job in progress. success:${count('succeeded')}, active: ${count('active')}, failed: ${count('failed')}`)
}

/**
 * Ready only when it has completed: what is asked of hooks, and of all jobs when jobs are waited for.
 *
 * Source: Helm 4.3.1 internal/statusreaders/job_status_reader.go
 */
export function jobCompletion(object: KubeObject): Readiness {
  return endOf(object) ?? progressing('Job in progress')
}

function endOf(object: KubeObject): Readiness | undefined {
  const wanted = countAt(object, ['spec', 'completions'], countAt(object, ['spec', 'parallelism'], 1))
  const end = conditionsOf(object).find(({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'))
  if (end === undefined) return undefined
  if (end.type === 'Complete') return ready(`Job Completed. succeeded: ${countAt(object, ['status', 'succeeded'])}/${wanted}`)
  return failed(`Job Failed. failed: ${countAt(object, ['status', 'failed'])}/${wanted}`)
}
