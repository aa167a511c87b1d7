import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookFor } from '../../../src/cli/look.ts'

const terminal = { outIsTerminal: true, errIsTerminal: true }
const pipe = { outIsTerminal: false, errIsTerminal: false }

test('colour: options, then NO_COLOR, then FORCE_COLOR, then the terminal', () => {
  const cases: readonly (readonly [Parameters<typeof lookFor>, boolean])[] = [
    [[terminal, {}], true],
    [[pipe, {}], false],
    [[terminal, { TERM: 'dumb' }], false],
    [[terminal, { NO_COLOR: '1' }], false],
    [[terminal, { NO_COLOR: '' }], true],
    [[pipe, { FORCE_COLOR: '1' }], true],
    [[terminal, { FORCE_COLOR: '0' }], false],
    [[pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }], false],
    [[pipe, { NO_COLOR: '1' }, { color: true }], true],
    [[terminal, { FORCE_COLOR: '1' }, { color: true, noColor: true }], false],
  ]
  for (const [args, expected] of cases) assert.equal(lookFor(...args).colorOut, expected, JSON.stringify(args))
})

test('progress is redrawn only on terminals that can, and not in CI', () => {
  assert.equal(lookFor(terminal, {}).live, true)
  assert.equal(lookFor(terminal, { CI: 'true' }).live, false)
  assert.equal(lookFor(terminal, { TERM: 'dumb' }).live, false)
  assert.equal(lookFor({ outIsTerminal: true, errIsTerminal: false }, {}).live, false)
})
