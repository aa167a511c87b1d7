import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runFlotilla } from '../../support/command-line.ts'
import { withCaseFolder } from '../../support/lint-cases.ts'
import { unittestCases } from '../../support/unittest-cases.ts'

for (const { name, transcript } of unittestCases()) {
  test(`chart unittest says what helm-unittest says: ${name}`, async () => {
    await withCaseFolder(transcript, async (folder) => {
      for (const { args, commandLine, stdout, exit } of transcript.steps) {
        const outcome = await runFlotilla(args, { cwd: folder, env: {} })
        assert.equal(outcome.stdout.replaceAll(folder, '@CWD@'), stdout, commandLine)
        assert.equal(outcome.exit, exit, commandLine)
      }
    })
  })
}
