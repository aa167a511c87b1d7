import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse } from 'yaml'
import { stateSchema } from '../../generate/state-schema.ts'
import { repositoryRoot } from '../../support/paths.ts'

const validate = new Ajv2020({ strict: false, allErrors: true }).compile(JSON.parse(stateSchema()) as object)

test('schemas/helmfile.schema.json is what the tables give', () => {
  assert.equal(readFileSync(join(repositoryRoot, 'schemas/helmfile.schema.json'), 'utf8'), stateSchema(), 'run npm run schemas')
})

const VALID: readonly string[] = [
  'releases: [{name: a, chart: r/x, needs: [b], inherit: [{template: t}]}]',
  'releases: [{name: a, chart: r/x, inherit: {template: t}, wait: yes, timeout: 5, version: 1.2}]',
  'helmfiles: [a.yaml, {path: b.yaml, selectors: [a=b]}]',
  'environments: {default: {values: [{a: 1}, f.yaml]}, none:}',
  'defaultInherit: one',
  'releases:',
]

const INVALID: readonly string[] = [
  'relases: []',
  'releases: [{name: a, chrt: x}]',
  'releases: {}',
  'releases: [{name: [a]}]',
  'helmDefaults: {timeout: soon}',
  'missingFileHandler: Shout',
]

for (const text of VALID) test(`${text} is valid`, () => assert.ok(validate(parse(text)), JSON.stringify(validate.errors)))
for (const text of INVALID) test(`${text} is not valid`, () => assert.ok(!validate(parse(text))))
