import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compareChart } from './compare-chart.ts'
import { HelmProgram, isHelm43 } from './helm-program.ts'
import { seededChart } from './seeded-charts.ts'

const SEEDS = Number(process.env['FLOTILLA_ORACLE_SEEDS'] ?? 40)

describe('helm template on generated charts', { skip: isHelm43() ? false : 'no Helm 4.3: npm run oracle gets one where Go is' }, () => {
  const helm = new HelmProgram()
  for (let seed = 1; seed <= SEEDS; seed++) it(`seed ${seed}`, async () => assert.equal(await compareChart(helm, seededChart(seed)), undefined))
})
