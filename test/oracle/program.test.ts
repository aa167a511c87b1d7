import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { compareChart } from './compare-chart.ts'
import { HelmProgram } from './helm-program.ts'
import { chartCases } from './random-charts.ts'
import { runs, seed, skipWithoutHelm } from './settings.ts'

describe('the program helm', { skip: skipWithoutHelm }, () => {
  it('prints what ours prints for random charts', async () => {
    const helm = new HelmProgram()
    const property = fc.asyncProperty(chartCases, async (one) => {
      assert.equal(await compareChart(helm, one), undefined)
    })
    await fc.assert(property, { seed, numRuns: runs(60) })
  })
})
