import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { lintCharts } from '../../src/actions/lint-charts.ts'
import { nodeHost } from '../../src/base/host-node.ts'
import { lintText } from '../../src/report/lint-text.ts'
import { skipWithout, unpackedCorpus } from '../support/corpus.ts'
import { findHelm } from '../support/helm.ts'
import { lintCases, withCaseFolder } from '../support/lint-cases.ts'
import { complaintsInOrder } from './complaint-order.ts'
import { isHelm43 } from './helm-program.ts'

const skip = isHelm43() ? false : 'no Helm 4.3: npm run oracle gets one where Go is'

/** Charts that are told of in another way, each with its reason. */
const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {
  'meta-appversion-12': 'an infinite appVersion: helm template refuses it, helm lint takes it for a text',
  'schema-draft3': 'Helm reports what its HTTP client says without a network; schemas are never fetched here',
}

const home = mkdtempSync(join(tmpdir(), 'flotilla-oracle-home-'))

function helmLint(cwd: string, args: readonly string[]): { readonly stdout: string; readonly exit: number | null } {
  const env = { PATH: process.env['PATH'], HOME: home }
  const { stdout, status } = spawnSync(findHelm() as string, ['lint', ...args], { cwd, env, encoding: 'latin1' })
  return { stdout, exit: status }
}

/** Helm takes subcharts, and the properties that a schema tells of, in another order each time. */
function inOrder(output: string): string {
  const ownLines = output.replace(/(?<=^\[ERROR\] \S+: )(?=- at )/gm, '\n')
  return complaintsInOrder(ownLines).replace(/(?<=dependencies: ).+/g, (names) => names.split(',').sort().join(','))
}

async function ourLint(cwd: string, path: string): Promise<{ readonly stdout: string; readonly exit: number }> {
  const linted = await lintCharts(nodeHost({ cwd, env: {} }), [path], {})
  return { stdout: Buffer.from(lintText(linted)).toString('latin1'), exit: linted.some(({ failed }) => failed) ? 1 : 0 }
}

describe('helm lint', { skip }, () => {
  for (const { name, transcript } of lintCases()) {
    it(`still says what was recorded: ${name}`, async () => {
      await withCaseFolder(transcript, async (folder) => {
        for (const { args, commandLine, stdout, exit } of transcript.steps) {
          const outcome = helmLint(folder, args.slice('chart lint'.split(' ').length))
          assert.equal(inOrder(outcome.stdout.replaceAll(folder, '@CWD@')), inOrder(Buffer.from(stdout).toString('latin1')), commandLine)
          assert.equal(outcome.exit, exit, commandLine)
        }
      })
    })
  }

  for (const name of ['charts.tar.xz', 'edge-charts.tar.xz']) {
    it(`finds what we find in every chart of ${name}`, { skip: skipWithout(name) }, async () => {
      const root = unpackedCorpus(name)
      const slugs = readdirSync(root).filter((slug) => existsSync(join(root, slug, 'chart/Chart.yaml')) && !(slug in KNOWN_DIFFERENCES))
      for (const slug of slugs) {
        const [ours, helms] = [await ourLint(root, `${slug}/chart`), helmLint(root, [`${slug}/chart`])]
        assert.deepEqual({ ...ours, stdout: inOrder(ours.stdout) }, { ...helms, stdout: inOrder(helms.stdout) }, slug)
      }
    })
  }
})
