import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinPath } from '../../../src/state/working-folder.ts'

/** Base, path, and what Go's `filepath.Join` makes of them; absolute paths stay. */
const CASES: readonly (readonly [base: string, path: string, joined: string])[] = [
  ['.', '../charts/app/', '../charts/app'],
  ['/a', './b', '/a/b'],
  ['/a', '/b/', '/b/'],
  ['.', '.', '.'],
]

for (const [base, path, joined] of CASES) test(`${path} in ${base}`, () => assert.equal(joinPath(base, path), joined))
