import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { withCaseFolder } from '../support/lint-cases.ts'
import { unittestCases } from '../support/unittest-cases.ts'

const program = process.env['FLOTILLA_HELM_UNITTEST']
const skip = program === undefined ? 'no helm-unittest: npm run oracle builds it where Go is' : false

describe('helm-unittest', { skip }, () => {
  for (const { name, transcript } of unittestCases()) {
    it(`still says what was recorded: ${name}`, async () => {
      await withCaseFolder(transcript, async (folder) => {
        for (const { args, commandLine, stdout, exit } of transcript.steps) {
          const outcome = spawnSync(program as string, args.slice('chart unittest'.split(' ').length), { cwd: folder, encoding: 'utf8' })
          assert.equal(outcome.stdout.replaceAll(folder, '@CWD@').replace(/^Time:.*\n\n?/m, ''), stdout, commandLine)
          assert.equal(outcome.status, exit, commandLine)
        }
      })
    })
  }
})
