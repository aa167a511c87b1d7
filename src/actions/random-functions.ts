import type { Chart } from '../chart/chart.ts'
import { varyingFunctions } from '../template/functions/varying.ts'

const RANDOM = new RegExp(`\\b(?:${[...varyingFunctions].join('|')})\\b`)

/** True when templates of `chart` or its subcharts name a function whose results are random or follow the clock. O(size of the templates). */
export function namesRandomFunctions({ templates, dependencies }: Pick<Chart, 'templates' | 'dependencies'>): boolean {
  return templates.some(({ data }) => RANDOM.test(Buffer.from(data).toString('latin1'))) || dependencies.some(namesRandomFunctions)
}
