import { type GoFunction, type GoObject, GoTime, type GoValue } from './values.ts'

/** A `*time.Location`: what `.Location` of a time gives, and its `.In` takes. */
export class TimeLocation implements GoObject {
  readonly goType = '*time.Location'
  readonly goKind = 'ptr'
  readonly #zone: string
  readonly #offsetSeconds: number | undefined

  constructor({ zone, offsetSeconds }: GoTime) {
    this.#zone = zone
    this.#offsetSeconds = offsetSeconds
  }

  /** The same moment, shown here. */
  show(time: GoTime): GoTime {
    return new GoTime(time.nanoseconds, this.#zone, this.#offsetSeconds)
  }

  field(): undefined {
    return undefined
  }

  method(name: string): GoFunction | undefined {
    return name === 'String' ? { params: [], call: () => this.#zone } : undefined
  }

  goString(): string {
    return this.#zone
  }

  /** All its fields are unexported. */
  plain(): GoValue {
    return new Map()
  }
}
