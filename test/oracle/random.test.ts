import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import fc, { type Arbitrary } from 'fast-check'
import { compareChart } from './compare-chart.ts'
import { compareTemplate } from './compare-template.ts'
import type { HelmEngine } from './helm-engine.ts'
import { chartCases } from './random-charts.ts'
import { defines, expressionTemplates, statementTemplates, valuesFiles } from './random-expressions.ts'
import { runs, seed, skipWithoutEngine, startEngine } from './settings.ts'

const files = { 'f.txt': 'héllo\n' }

/** Asserts that no case of `cases` differs; fast-check looks for the smallest that does. */
async function assertSame<T>(cases: Arbitrary<T>, count: number, compare: (one: T) => Promise<string | undefined>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      assert.equal(await compare(one), undefined)
    }),
    { seed, numRuns: runs(count) },
  )
}

function templates(template: Arbitrary<string>): Arbitrary<{ readonly template: string; readonly values: string }> {
  return fc.record({ template, values: valuesFiles })
}

describe('Helm and ours agree on random', { skip: skipWithoutEngine }, () => {
  let helm: HelmEngine | undefined
  const engine = (): HelmEngine => {
    helm ??= startEngine()
    return helm
  }
  after(() => helm?.close())
  it('expressions', () => assertSame(templates(expressionTemplates), 10_000, (one) => compareTemplate(engine(), { ...one, defines, files })))
  it('statements', () => assertSame(templates(statementTemplates), 3000, (one) => compareTemplate(engine(), { ...one, defines, files })))
  it('charts', () => assertSame(chartCases, 400, (one) => compareChart(engine(), one)))
})
