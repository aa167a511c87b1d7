import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { chooseCommand } from '../../src/cli/parse-argv.ts'
import { repositoryRoot } from '../support/paths.ts'
import { parseTranscript, type Step } from '../support/transcript.ts'

const folder = join(repositoryRoot, 'test/scripts/cases')
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true })
const read = (name: string): object => JSON.parse(readFileSync(join(repositoryRoot, 'schemas', `${name}.schema.json`), 'utf8'))
const [plan, result, event, comparison, promotion] = ['plan', 'result', 'event', 'comparison', 'promotion'].map((name) => ajv.compile(read(name)))

/** By command: what its JSON is. */
const schemas: Readonly<Record<string, typeof plan>> = {
  diff: plan,
  plan,
  show: plan,
  apply: result,
  sync: result,
  destroy: result,
  rollback: result,
  test: result,
  compare: comparison,
  promote: promotion,
}

function outputOf({ args }: Step): string | undefined {
  const at = args.indexOf('--output')
  return at < 0 ? args.find((word) => word.startsWith('--output='))?.slice('--output='.length) : args[at + 1]
}

/** What transcripts leave open, filled in. */
function filled(text: string): string {
  const values = text.replace(/:\[\.\.\](?=[,}])/g, ':0').replaceAll('"at":"[..]"', '"at":"2026-01-01T00:00:00.000Z"')
  // Those that are left stand for some members of a list or a map.
  return values.replace(/,?\[\.\.\]/g, '')
}

let checked = 0
for (const name of readdirSync(folder).sort()) {
  const steps = parseTranscript(readFileSync(join(folder, name), 'utf8')).steps.filter((step) => step.stdout.startsWith('{'))
  for (const step of steps) {
    const validate = outputOf(step) === 'ndjson' ? event : outputOf(step) === 'json' ? schemas[chooseCommand(step.args)?.entry.name ?? ''] : undefined
    if (!validate) continue
    checked++
    test(`${name}: ${step.commandLine}`, () => {
      for (const line of filled(step.stdout).trimEnd().split('\n'))
        assert.ok(validate(JSON.parse(line)), `${ajv.errorsText(validate.errors)}\n${line}`)
    })
  }
}

test('there are some', () => assert.ok(checked >= 10, String(checked)))
