import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatTranscript, matches, parseTranscript } from '../support/transcript.ts'

test('wildcards stand for parts of a line and for lines', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['a\n', 'a\n', true],
    ['a\n', 'b\n', false],
    ['took [..]s\n', 'took 1.2s\n', true],
    ['took [..]s\n', 'took 1\n2s\n', false],
    ['a\n...\nz\n', 'a\nb\nc\nz\n', true],
    ['a\n...\nz\n', 'a\nz\n', true],
    ['a\n...\nz\n', 'a\nb\n', false],
    ['a.b\n', 'axb\n', false],
  ]
  for (const [expected, actual, result] of cases) assert.equal(matches(expected, actual), result, `${expected} against ${actual}`)
})

test('a transcript reads as it prints', () => {
  const text = 'shows it\n-- a.yaml --\nx: 1\n-- $ A=b flotilla list "x y" --\nout\n-- stderr --\nerr\n-- exit --\n3\n'
  const transcript = parseTranscript(text)
  assert.deepEqual(transcript.steps[0]?.args, ['list', 'x y'])
  assert.deepEqual(transcript.steps[0]?.env, { A: 'b' })
  assert.equal(transcript.steps[0]?.exit, 3)
  assert.equal(formatTranscript(transcript), text)
})
