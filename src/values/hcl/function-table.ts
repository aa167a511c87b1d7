import type { GoValue } from '../../go/values.ts'

/** Functions by name with the fewest and most arguments they take. They throw HclError. */
export type FunctionTable = Readonly<Record<string, readonly [least: number, most: number, work: (...args: GoValue[]) => GoValue]>>
