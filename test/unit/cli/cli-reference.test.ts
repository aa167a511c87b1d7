import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cliReference } from '../../generate/cli-reference.ts'
import { repositoryRoot } from '../../support/paths.ts'

test('docs/cli.md says what the command line takes; "npm run docs" writes it', async () => {
  assert.equal(readFileSync(join(repositoryRoot, 'docs/cli.md'), 'utf8'), await cliReference())
})
