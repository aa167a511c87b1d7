import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { nodeHost } from '../../src/base/host-node.ts'
import { coalesceValues } from '../../src/chart/coalesce-values.ts'
import { loadChart } from '../../src/chart/load-chart.ts'
import { offlineCapabilities } from '../../src/render/capabilities.ts'
import { renderTemplates } from '../../src/render/render-templates.ts'
import { corpusLines, skipWithout } from '../support/corpus.ts'

interface Case {
  readonly id: string
  readonly area: string
  readonly template: string
  readonly values?: string
  readonly files?: Readonly<Record<string, string>>
  readonly defines?: string
  readonly output?: string
  readonly error?: string
  readonly cause?: string
}

/** Causes in Go's own wording: failing is enough (the corpus says so). */
const GO_WORDING = /runtime error: |interface conversion: |error converting YAML to JSON: yaml: /

/** Cases that differ, each with its reason. */
const KNOWN_DIFFERENCES: Readonly<Record<string, string>> = {}

const CORPUS = 'functions.jsonl.xz'
const skip = skipWithout(CORPUS)
const host = nodeHost({ cwd: '/', env: { TZ: 'UTC' } })
const release = { name: 'rel', namespace: 'ns', isUpgrade: false, revision: 1 }
const capabilities = offlineCapabilities()
const PATH = 't/templates/x.yaml'

async function render(c: Case): Promise<string | undefined> {
  const files = {
    'Chart.yaml': 'apiVersion: v2\nname: t\nversion: 0.1.0\n',
    'values.yaml': c.values ?? '',
    'templates/x.yaml': c.template,
    ...(c.defines === undefined ? {} : { 'templates/_helpers.tpl': c.defines }),
    ...c.files,
  }
  const chart = await loadChart(host, { files })
  const values = coalesceValues(chart, new Map(), () => undefined)
  return renderTemplates(chart, values, { host, release, capabilities }).get(PATH)
}

/** What differs, or undefined. */
async function difference(c: Case): Promise<string | undefined> {
  const cause = c.cause ?? c.error
  let output: string | undefined
  try {
    output = await render(c)
  } catch (error) {
    const message = (error as Error).message
    if (cause === undefined) return `want ${JSON.stringify(c.output)}, but it failed: ${message}`
    return GO_WORDING.test(cause) || message.includes(cause) ? undefined : `want the cause ${JSON.stringify(cause)}, got ${message}`
  }
  if (cause !== undefined) return `want the cause ${JSON.stringify(cause)}, got the output ${JSON.stringify(output)}`
  return output === c.output ? undefined : `want ${JSON.stringify(c.output)}, got ${JSON.stringify(output)}`
}

describe('template functions print what Helm prints', { skip }, () => {
  const byArea = new Map<string, Case[]>()
  for (const c of skip ? [] : corpusLines<Case>(CORPUS)) byArea.set(c.area, [...(byArea.get(c.area) ?? []), c])
  const counts: string[] = []
  for (const [area, cases] of byArea) {
    it(area, async () => {
      const failed: string[] = []
      for (const c of cases) {
        const problem = await difference(c)
        if (problem !== undefined && !(c.id in KNOWN_DIFFERENCES)) failed.push(`${c.id} ${JSON.stringify(c.template)}\n    ${problem.slice(0, 1000)}`)
      }
      counts.push(`${area} ${cases.length - failed.length}/${cases.length}`)
      assert.equal(failed.length, 0, `${failed.length} of ${cases.length} differ:\n${failed.slice(0, 20).join('\n')}`)
    })
  }
  after(() => console.log(counts.join(', ')))
})
