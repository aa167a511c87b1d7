import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DiagnosticError, failure, formatDiagnostic, withNote } from '../../../src/base/diagnostic.ts'
import { RenderError } from '../../../src/render/render-error.ts'

const note = { text: 'while rendering release shop/web' }

test('a note keeps the class and the message of the error it is added to', () => {
  const cause = new Error('below')
  const error = new RenderError("Helm's own words", [{ code: 'template/exec', severity: 'error', summary: 'cause' }], { cause })
  const noted = withNote(error, note)
  assert.ok(noted instanceof RenderError)
  assert.equal(noted.message, "Helm's own words")
  assert.equal(noted.name, 'RenderError')
  assert.equal(noted.cause, cause)
  assert.deepEqual(noted.diagnostics[0]?.notes, [note])
  assert.equal(error.diagnostics[0]?.notes, undefined)
})

test('notes add up, the innermost first', () => {
  const outer = { text: 'in helmfile.yaml' }
  assert.deepEqual(withNote(withNote(failure('x/y', 'wrong'), note), outer).diagnostics[0]?.notes, [note, outer])
})

test('an error of another kind is wrapped', () => {
  const noted = withNote(new TypeError('odd'), note)
  assert.ok(noted instanceof DiagnosticError)
  assert.equal(noted.diagnostics[0]?.summary, 'odd')
  assert.equal(noted.diagnostics[0]?.code, 'base/unexpected')
})

test('control characters are shown, not sent, and carets keep their places', () => {
  const source = { name: 'a.yaml', text: 'a: \u001b[31m\u202e\tb\r\n' }
  const at = { source, start: 10, end: 11 }
  assert.deepEqual(formatDiagnostic({ code: 'x/y', severity: 'error', summary: 'odd \u0007\u009b', at }).split('\n'), [
    'a.yaml:1:11: error: odd \u2407\ufffd [x/y]',
    '    1 | a: \u241b[31m\ufffd\tb',
    `      | ${' '.repeat(9)}\t^`,
  ])
})
