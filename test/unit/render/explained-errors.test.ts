import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { templateChart } from '../../../src/actions/template-chart.ts'
import { DiagnosticError, formatDiagnostic } from '../../../src/base/diagnostic.ts'
import { goldenFolder } from '../../support/golden.ts'

/** Each folder: `chart/`, perhaps a user's `values.yaml`, and what a person is told in `expected.txt` (FLOTILLA_UPDATE=1 writes it). */
const root = goldenFolder('errors')

async function told(folder: string): Promise<string> {
  const values = join(folder, 'values.yaml')
  try {
    await templateChart({ chart: join(folder, 'chart'), valuesFiles: existsSync(values) ? [values] : [] })
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    const text = [error.message, '', ...error.diagnostics.map(formatDiagnostic), ''].join('\n')
    return text.replaceAll(`${folder}/`, '')
  }
  throw new Error('rendered without an error')
}

describe('errors of seeded mistakes', () => {
  for (const name of readdirSync(root).sort()) {
    it(name, async () => {
      const folder = join(root, name)
      const file = join(folder, 'expected.txt')
      const text = await told(folder)
      if (process.env['FLOTILLA_UPDATE']) writeFileSync(file, text)
      assert.equal(text, readFileSync(file, 'utf8'))
    })
  }
})
