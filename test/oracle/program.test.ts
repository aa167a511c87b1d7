import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { compareChart } from './compare-chart.ts'
import { HelmProgram, isHelm43 } from './helm-program.ts'
import { chartCases } from './random-charts.ts'
import { runs, seed, skipWithoutHelm } from './settings.ts'

/** Helm before 4.3 prints other blanks at the ends of lines and documents, and hooks of equal weight in another order. */
function foldOlder(text: string): string {
  const documents = text.split(/^---.*$/m).map((document) => document.replace(/\s+$/gm, ''))
  return documents.sort().join('\n---\n')
}

const fold = isHelm43() ? undefined : foldOlder

describe('the program helm', { skip: skipWithoutHelm }, () => {
  it('prints what ours prints for random charts', async () => {
    const helm = new HelmProgram()
    const property = fc.asyncProperty(chartCases, async (one) => {
      assert.equal(await compareChart(helm, one, fold), undefined)
    })
    await fc.assert(property, { seed, numRuns: runs(60) })
  })
})
