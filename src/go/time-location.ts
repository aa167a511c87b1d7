import { atMoment } from './time-fields.ts'
import type { GoFunction, GoObject, GoTime, GoValue } from './values.ts'

/** A `*time.Location`: what `.Location` of a time gives, and its `.In` takes. */
export class TimeLocation implements GoObject {
  readonly goType = '*time.Location'
  readonly goKind = 'ptr'
  /** A time that is shown there. */
  readonly #time: GoTime

  constructor(time: GoTime) {
    this.#time = time
  }

  /** The same moment, shown here. */
  show(time: GoTime): GoTime {
    return atMoment(this.#time, time.nanoseconds)
  }

  field(): undefined {
    return undefined
  }

  method(name: string): GoFunction | undefined {
    return name === 'String' ? { params: [], call: () => this.#time.zone } : undefined
  }

  goString(): string {
    return this.#time.zone
  }

  /** All its fields are unexported. */
  plain(): GoValue {
    return new Map()
  }
}
