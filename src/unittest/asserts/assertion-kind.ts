import type { GoMap, GoValue } from '../../go/values.ts'
import type { Snapshots } from '../snapshots.ts'

/** What an assertion looks at. */
export interface AssertionInput {
  /** Every document of the template, and those that are meant. */
  readonly documents: readonly GoMap[]
  readonly selected: readonly GoMap[]
  /** What is said must not be so. */
  readonly negative: boolean
  readonly parameters: GoMap
  readonly failFast: boolean
  /** Why the chart does not render, where no template is to blame. */
  readonly renderError: string | undefined
  /** Compares with the test's next snapshot. */
  readonly snapshots: Snapshots
}

/** How it went. */
export interface Verdict {
  readonly passed: boolean
  /** Lines that tell what is wrong. */
  readonly lines: readonly string[]
}

export const PASSED: Verdict = { passed: true, lines: [] }

/** What an assertion's key stands for. */
export interface AssertionKind {
  readonly judge: (input: AssertionInput) => Verdict
  /** It says the opposite of what `judge` looks for. */
  readonly isOpposite?: boolean
  /** It is about charts that do not render. */
  readonly expectsFailure?: boolean
}

/** A parameter of an assertion by its name, upper and lower case alike. */
export function parameter(parameters: GoMap, name: string): GoValue | undefined {
  if (parameters.has(name)) return parameters.get(name)
  const lower = name.toLowerCase()
  const key = [...parameters.keys()].find((one) => one.toLowerCase() === lower)
  return key === undefined ? undefined : parameters.get(key)
}

/** A parameter that is a text; empty where it is not given. */
export function textParameter(parameters: GoMap, name: string): string {
  const value = parameter(parameters, name)
  return typeof value === 'string' ? value : ''
}
