import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { lintCharts } from '../../src/actions/lint-charts.ts'
import { nodeHost } from '../../src/base/host-node.ts'
import { lintText } from '../../src/report/lint-text.ts'
import { skipWithout, unpackedCorpus } from '../support/corpus.ts'
import { lintCases, withCaseFolder } from '../support/lint-cases.ts'
import { everDiffers } from './compare-template.ts'
import { complaintsInOrder } from './complaint-order.ts'
import type { HelmEngine } from './helm-engine.ts'
import { engineOfSuite, skipWithoutEngine } from './settings.ts'

/** Charts that are told of in another way, each with its reason. */
const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {
  'meta-appversion-12': 'an infinite appVersion: helm template refuses it, helm lint takes it for a text',
  'schema-draft3': 'Helm reports what its HTTP client says without a network; schemas are never fetched here',
}

/** Helm takes subcharts, and the properties that a schema tells of, in another order each time. */
function inOrder(output: string): string {
  const ownLines = output.replace(/(?<=^\[ERROR\] \S+: )(?=- at )/gm, '\n')
  return complaintsInOrder(ownLines).replace(/(?<=dependencies: ).+/g, (names) => names.split(',').sort().join(','))
}

interface Outcome {
  readonly stdout: string
  readonly failed: boolean
}

async function ourLint(cwd: string, path: string): Promise<Outcome> {
  const linted = await lintCharts(nodeHost({ cwd, env: {} }), [path], {})
  return { stdout: Buffer.from(lintText(linted)).toString(), failed: linted.some(({ failed }) => failed) }
}

/** What differs between `helm lint` of `args` and an outcome; the folder reads `@CWD@` in both. */
function lintDiffers(helm: HelmEngine, folder: string, args: readonly string[], outcome: Outcome): Promise<string | undefined> {
  const shown = ({ stdout, failed }: Outcome): string => JSON.stringify({ failed, stdout: inOrder(stdout.replaceAll(folder, '@CWD@')) })
  const expected = shown(outcome)
  return everDiffers(
    () => helm.ask({ folder, args: ['lint', ...args] }),
    ({ output, error }) => {
      const said = shown({ stdout: output, failed: error !== undefined })
      return said === expected ? undefined : `Helm: ${said}, not: ${expected}`
    },
  )
}

describe('helm lint', { skip: skipWithoutEngine }, () => {
  const engine = engineOfSuite()
  for (const { name, transcript } of lintCases()) {
    it(`still says what was recorded: ${name}`, async () => {
      await withCaseFolder(transcript, async (folder) => {
        for (const { args, commandLine, stdout, exit } of transcript.steps) {
          const recorded = { stdout, failed: exit !== 0 }
          assert.equal(await lintDiffers(engine(), folder, args.slice('chart lint'.split(' ').length), recorded), undefined, commandLine)
        }
      })
    })
  }

  for (const name of ['charts.tar.xz', 'edge-charts.tar.xz']) {
    it(`finds what we find in every chart of ${name}`, { skip: skipWithout(name) }, async () => {
      const root = unpackedCorpus(name)
      const slugs = readdirSync(root).filter((slug) => existsSync(join(root, slug, 'chart/Chart.yaml')) && !(slug in KNOWN_DIFFERENCES))
      for (const slug of slugs) {
        const path = `${slug}/chart`
        assert.equal(await lintDiffers(engine(), root, [path], await ourLint(root, path)), undefined, slug)
      }
    })
  }
})
