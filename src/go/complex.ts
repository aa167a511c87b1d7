import { formatFloat } from './float.ts'
import type { GoFunction, GoObject, GoValue } from './values.ts'

/** A `complex128`, which templates can write (`1+2i`) and do little with. */
export class GoComplex implements GoObject {
  readonly goType = 'complex128'
  readonly goKind = 'complex128'
  readonly real: number
  readonly imaginary: number

  constructor(real: number, imaginary: number) {
    this.real = real
    this.imaginary = imaginary
  }

  field(): GoValue | undefined {
    return undefined
  }

  method(): GoFunction | undefined {
    return undefined
  }

  goString(): string {
    const imaginary = formatFloat(this.imaginary, 'g', -1)
    return `(${formatFloat(this.real, 'g', -1)}${/^[-+]/.test(imaginary) ? '' : '+'}${imaginary}i)`
  }
}
