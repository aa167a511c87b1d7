import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodeHost } from '../../src/base/host-node.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import { type Outcome, runFlotilla } from '../support/command-line.ts'
import { repositoryRoot } from '../support/paths.ts'
import { formatTranscript, matches, parseTranscript, type Step } from '../support/transcript.ts'
import { writeFiles } from '../support/write-files.ts'

const folder = join(repositoryRoot, 'test/scripts/cases')
const update = process.env['FLOTILLA_UPDATE'] === '1'

function check(step: Step, outcome: Outcome): void {
  const shown = `$ ${step.commandLine}\n${outcome.stdout}--- stderr\n${outcome.stderr}--- exit ${outcome.exit}`
  assert.equal(outcome.exit, step.exit, shown)
  if (!matches(step.stdout, outcome.stdout)) assert.equal(outcome.stdout, step.stdout, shown)
  if (step.stderr !== undefined && !matches(step.stderr, outcome.stderr)) assert.equal(outcome.stderr, step.stderr, shown)
}

for (const name of readdirSync(folder).sort()) {
  test(name.replace(/\.txt$/, ''), async () => {
    const path = join(folder, name)
    const transcript = parseTranscript(readFileSync(path, 'utf8'))
    const cwd = mkdtempSync(join(tmpdir(), 'flotilla-script-'))
    writeFiles(cwd, Object.fromEntries(transcript.files))
    const sandbox = await startSandbox(nodeHost({ cwd }), { readyAfterMs: 1 })
    writeFileSync(join(cwd, '.kubeconfig'), sandbox.kubeconfig)
    const env = { KUBECONFIG: join(cwd, '.kubeconfig'), FLOTILLA_ROOT: repositoryRoot }
    const results: Step[] = []
    try {
      for (const step of transcript.steps) {
        const outcome = await runFlotilla(step.args, {
          cwd,
          stdin: transcript.files.get('stdin') ?? '',
          env: { PATH: process.env['PATH'], HOME: cwd, TZ: 'UTC', ...env, ...step.env },
        })
        if (update) results.push(updated(step, outcome))
        else check(step, outcome)
      }
      if (update) writeFileSync(path, formatTranscript({ ...transcript, steps: results }))
    } finally {
      await sandbox.close()
      rmSync(cwd, { recursive: true, force: true })
    }
  })
}

/** What differs from run to run: durations, times, marks of hidden values, ports, folders, uids, generated names. */
const FLEETING =
  /\b\d+\.\ds\b|\b[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\b|(?<=modifiedAt(?:=|":"))\d{10}|\b\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)|(?<="durationMs":)\d+|(?<=\(secret(?:: \d+ bytes,)? )[0-9a-f]{6}(?=\))|(?<=127\.0\.0\.1:)\d+|\/\S*\/flotilla-script-\w+|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|(?<=-)[bcdfghjklmnpqrstvwxz2456789]{5,10}(?![-\w]*\w)|(?<=-)[bcdfghjklmnpqrstvwxz2456789]{8,10}(?=-)/g

function lasting(text: string): string {
  return text.replace(FLEETING, '[..]')
}

/** Messages are recorded where they were asked for, and wherever a command now ends differently. */
function keepsStderr({ stderr, exit }: Step, outcome: Outcome): boolean {
  return stderr === undefined ? exit === outcome.exit : matches(stderr, outcome.stderr)
}

function updated(step: Step, outcome: Outcome): Step {
  return {
    ...step,
    stdout: matches(step.stdout, outcome.stdout) ? step.stdout : lasting(outcome.stdout),
    stderr: keepsStderr(step, outcome) ? step.stderr : lasting(outcome.stderr),
    exit: outcome.exit,
  }
}
