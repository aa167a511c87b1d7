import { type Readiness, ready } from './readiness.ts'

/** Objects that nothing works on after they are written: ConfigMap, Secret, CronJob. */
export function alwaysReady(): Readiness {
  return ready('Resource is always ready')
}

/** A budget is ready once its controller has looked at it, which its generation tells. */
export function podDisruptionBudgetReadiness(): Readiness {
  return ready('AllowedDisruptions has been computed.')
}
