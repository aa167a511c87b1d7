import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exitCodeFor } from '../../../src/cli/exit-codes.ts'

const cases: readonly (readonly [readonly string[], number])[] = [
  [['cli/unknown-flag'], 3],
  [['state/no-releases'], 3],
  [['plan/stale'], 3],
  [['kube/locked'], 4],
  [['render/template'], 1],
  [['render/template', 'kube/locked'], 4],
  [[], 1],
]
for (const [codes, expected] of cases) test(`an error with [${codes}] ends with ${expected}`, () => assert.equal(exitCodeFor(codes), expected))
