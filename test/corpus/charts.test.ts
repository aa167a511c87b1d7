import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { templateChart } from '../../src/actions/template-chart.ts'
import { nodeHost } from '../../src/base/host-node.ts'
import { compareManifest } from '../support/compare-manifest.ts'
import { skipWithout, unpackedCorpus } from '../support/corpus.ts'
import { missingParts } from '../support/helm-error.ts'

interface Case {
  readonly values?: readonly string[]
  readonly includeCrds?: boolean
  readonly status: 'ok' | 'error'
  readonly expected?: string
  readonly volatileLines?: readonly number[]
  readonly stderr?: string
}

interface CaseFile {
  readonly release: string
  readonly namespace: string
  readonly cases: Readonly<Record<string, Case>>
}

/** Cases that differ, each with its reason: `slug/case`. */
const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {}

const skip = skipWithout('charts.tar.xz')
const counts = { ok: [0, 0], error: [0, 0] } as const satisfies Record<string, [number, number]> as Record<'ok' | 'error', [number, number]>

function render(root: string, slug: string, file: CaseFile, c: Case): Promise<string> {
  const chart = join(root, slug, 'chart')
  return templateChart({
    chart,
    name: file.release,
    namespace: file.namespace,
    valuesFiles: (c.values ?? []).map((path) => join(chart, path)),
    includeCrds: c.includeCrds ?? false,
    host: nodeHost({ env: { TZ: 'UTC' } }),
  })
}

async function check(root: string, slug: string, file: CaseFile, c: Case): Promise<void> {
  if (c.status === 'ok') {
    const expected = readFileSync(join(root, slug, c.expected as string), 'utf8')
    assert.equal(compareManifest(expected, await render(root, slug, file, c), c.volatileLines), null)
    return
  }
  await assert.rejects(render(root, slug, file, c), (error: Error) => {
    assert.deepEqual(missingParts(c.stderr ?? '', error.message), [], error.message)
    return true
  })
}

describe('third-party charts', { skip }, () => {
  if (skip) return
  const root = unpackedCorpus('charts.tar.xz')
  for (const slug of readdirSync(root).sort()) {
    const path = join(root, slug, 'cases.json')
    if (!existsSync(path)) continue
    const file = JSON.parse(readFileSync(path, 'utf8')) as CaseFile
    for (const [name, c] of Object.entries(file.cases)) {
      const known = KNOWN_DIFFERENCES[`${slug}/${name}`]
      it(`${slug} ${name}`, known === undefined ? {} : { skip: known }, async () => {
        counts[c.status][1]++
        await check(root, slug, file, c)
        counts[c.status][0]++
      })
    }
  }
  after(() => {
    for (const [status, [passed, all]] of Object.entries(counts)) console.log(`third-party charts, ${status}: ${passed} of ${all}`)
  })
})
