import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { DiagnosticError } from '../../../../src/base/diagnostic.ts'
import { fromPlain } from '../../../../src/go/plain.ts'
import { evaluate } from '../../../support/evaluate.ts'
import { goldenFolder } from '../../../support/golden.ts'

interface Case {
  readonly template: string
  readonly output?: string
  readonly error?: string
}

const folder = goldenFolder('functions')
const values = (): ReturnType<typeof fromPlain> => fromPlain({ Values: JSON.parse(readFileSync(join(folder, 'values.json'), 'utf8')) })

/** Bytes outside UTF-8 cannot stand in the recording's JSON; both sides show them as U+FFFD. */
function comparable(text: string): string {
  return text.replace(/\p{Cs}/gu, '\uFFFD')
}

function outcome(template: string): string {
  try {
    return comparable(evaluate(template, values()))
  } catch (error) {
    if (error instanceof DiagnosticError) return 'error: syntax'
    throw error
  }
}

function expected({ output, error }: Case): string {
  if (output !== undefined) return output
  return error?.startsWith('template: x:1: ') ? 'error: syntax' : `error: ${error}`
}

describe('functions as Helm 4.3.1 was recorded to do them', () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl'))) {
    it(file.replace('.jsonl', ''), () => {
      const cases = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n')
      const differences = cases
        .map((line) => JSON.parse(line) as Case)
        .map((c) => ({ template: c.template, got: outcome(c.template), want: expected(c) }))
        .filter(({ got, want }) => got !== want)
      assert.deepEqual(differences, [])
    })
  }
})
