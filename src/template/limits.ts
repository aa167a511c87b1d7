/** What one render may use up before it is stopped. */
export interface TemplateLimits {
  /** Characters (UTF-16 units) one execution may write. */
  readonly output: number
  /** How deep templates may call templates. */
  readonly depth: number
  /** Turns of all `range` loops of one execution together. */
  readonly iterations: number
  /** Calls of templates and functions in one execution. */
  readonly calls: number
  /** Bytes of memory that may be in use while functions give back much. */
  readonly memory: number
  /** How long all executions of one engine may take together, where it was given a clock. */
  readonly milliseconds: number
}

/**
 * The limits that hold unless others are asked for. `depth` is Go's number, which JavaScript's stack never lets happen: the
 * stack's end is reported in the same words.
 */
export const defaultLimits: TemplateLimits = {
  output: 64 * 1024 * 1024,
  depth: 100_000,
  iterations: 20_000_000,
  calls: 5_000_000,
  memory: 1024 * 1024 * 1024,
  milliseconds: 120_000,
}
