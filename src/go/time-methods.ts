import type { GoFunction, GoTime } from './values.ts'
export function timeMethod(_t: GoTime, _name: string): GoFunction | undefined {
  return undefined
}
