import type { Chart } from '../chart/chart.ts'

/** Functions whose results are others each time, by sprig's names. */
const RANDOM = /\b(?:rand(?:AlphaNum|Alpha|Numeric|Ascii|Bytes|Int)|uuidv4|shuffle|gen[A-Z]\w+|bcrypt|htpasswd|encryptAES|now)\b/

/** True when templates of `chart` or its subcharts name a function whose results are random or follow the clock. O(size of the templates). */
export function namesRandomFunctions({ templates, dependencies }: Pick<Chart, 'templates' | 'dependencies'>): boolean {
  return templates.some(({ data }) => RANDOM.test(Buffer.from(data).toString('latin1'))) || dependencies.some(namesRandomFunctions)
}
