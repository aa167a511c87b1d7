import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { type TemplateChartOptions, templateChartDetailed } from '../../src/actions/template-chart.ts'
import { nodeHost } from '../../src/base/host-node.ts'
import { bytesOfString } from '../../src/go/bytes.ts'
import { compareManifest } from '../support/compare-manifest.ts'
import { skipWithout, unpackedCorpus } from '../support/corpus.ts'
import { optionsFromArguments } from '../support/helm-arguments.ts'
import { missingParts } from '../support/helm-error.ts'

interface Case {
  readonly args: readonly string[]
  readonly status: 'ok' | 'error'
  readonly expected?: string
  readonly volatileLines?: readonly number[]
  readonly stderr?: string
  readonly stderrVolatileLines?: readonly number[]
  readonly releaseName?: string | null
}

interface CaseFile {
  readonly chart: string
  readonly area: string
  readonly cases: Readonly<Record<string, Case>>
}

/** Cases that differ, each with its reason: `slug/case`. */
const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {
  'schema-draft3/default': 'Helm reports what its HTTP client says without a network; schemas are never fetched here',
  'schema-nodraft/names': 'the original names another property in the path of a property name (it shares a slice that is written again)',
}

const skip = skipWithout('edge-charts.tar.xz')
const counts = new Map<string, [passed: number, all: number]>()

function optionsOf(root: string, slug: string, file: CaseFile, c: Case): TemplateChartOptions | undefined {
  const cwd = join(root, slug)
  const given = optionsFromArguments(c.args.map((arg) => arg.replaceAll('@CWD@', cwd)))
  if (!given || c.releaseName === null) return undefined
  return {
    name: c.releaseName ?? 'rel-name',
    namespace: 'ns-test',
    ...given,
    stdin: () => '',
    chart: file.chart.replaceAll('@CWD@', cwd),
    host: nodeHost({ cwd, env: { TZ: 'UTC', HOME: '/nonexistent' } }),
  }
}

/** Names inside volatile lines come in any order, and so do the lines: only words are compared. */
function words(text: string): readonly string[] {
  return text.split(/[\s,:]+/).sort()
}

function assertSameError(root: string, slug: string, c: Case, error: Error): void {
  const stderr = (c.stderr ?? '').replaceAll('@CWD@', join(root, slug))
  if (c.stderrVolatileLines) {
    const missing = words(missingParts(stderr, '').join('\n')).filter((word) => !words(error.message.replace(/\s+/g, ' ')).includes(word))
    assert.deepEqual(missing, [], error.message)
  } else assert.deepEqual(missingParts(stderr, error.message), [], error.message)
}

/** What Helm's log lines said, without their level and format. */
function loggedMessages(stderr: string): readonly string[] {
  return stderr.split('\n').flatMap((line) => {
    const text = /^level=(?:INFO|WARN) msg=("(?:[^"\\]|\\.)*")/.exec(line)?.[1]
    return text === undefined ? [] : [JSON.parse(text) as string]
  })
}

async function check(root: string, slug: string, c: Case, options: TemplateChartOptions): Promise<void> {
  if (c.status === 'error') {
    await assert.rejects(templateChartDetailed(options), (error: Error) => {
      assertSameError(root, slug, c, error)
      return true
    })
    return
  }
  const result = await templateChartDetailed(options)
  const expected = readFileSync(join(root, slug, c.expected as string), 'latin1').replaceAll('@CWD@', join(root, slug))
  assert.equal(compareManifest(expected, Buffer.from(bytesOfString(result.output)).toString('latin1'), c.volatileLines), null)
  const said = result.warnings.join('\n')
  const silent = loggedMessages(c.stderr ?? '').filter((message) => !said.includes(message))
  assert.deepEqual(silent, [])
}

describe('edge charts', { skip }, () => {
  if (skip) return
  const root = unpackedCorpus('edge-charts.tar.xz')
  for (const slug of readdirSync(root).sort()) {
    const path = join(root, slug, 'cases.json')
    if (!existsSync(path)) continue
    const file = JSON.parse(readFileSync(path, 'utf8')) as CaseFile
    for (const [name, c] of Object.entries(file.cases)) {
      const options = optionsOf(root, slug, file, c)
      const reason = options ? KNOWN_DIFFERENCES[`${slug}/${name}`] : 'about the command line, not about charts'
      it(`${slug} ${name}`, reason === undefined ? {} : { skip: reason }, async () => {
        const count = counts.get(file.area) ?? [0, 0]
        counts.set(file.area, count)
        count[1]++
        await check(root, slug, c, options as TemplateChartOptions)
        count[0]++
      })
    }
  }
  after(() => {
    for (const [area, [passed, all]] of [...counts].sort()) console.log(`edge charts, ${area}: ${passed} of ${all}`)
  })
})
