import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { nodeHost } from '../../../src/base/host-node.ts'
import type { GoMap } from '../../../src/go/values.ts'
import { offlineCapabilities } from '../../../src/render/capabilities.ts'
import { type RenderOptions, renderChart, renderChartWithLookup } from '../../../src/render/render-chart.ts'
import { RenderError } from '../../../src/render/render-error.ts'
import { chartOf, valuesOf } from '../chart/in-memory.ts'

const options: RenderOptions = {
  host: nodeHost(),
  release: { name: 'r', namespace: 'ns', isUpgrade: false, revision: 1 },
  capabilities: offlineCapabilities(),
}

/** A template that includes itself n times, with as much around it as charts have, and does `last` in the innermost one. */
function nested(last: string): Readonly<Record<string, string>> {
  const inner = '{{ if gt (int .n) 0 }}{{ with . }}{{ range list 1 }}{{ include "r" (dict "n" (sub $.n 1) "top" $.top) | trim | nindent 1 }}'
  return {
    'templates/a.yaml': 'v: {{ include "r" (dict "n" .Values.depth "top" .) | trim }}\n',
    'templates/_r.tpl': `{{ define "r" }}${inner}{{ end }}{{ end }}{{ else }}${last}{{ end }}{{ end }}`,
  }
}

async function manifest(last: string, n: number, more: Partial<RenderOptions> = {}): Promise<string> {
  return renderChart(await chartOf(nested(last)), valuesOf(`depth: ${n}`), { ...options, ...more }).manifest
}

describe('templates that include themselves', () => {
  const END = '---\n# Source: c/templates/a.yaml\nv: end\n\n'
  for (const depth of [10, 400, 1000]) it(`${depth} times`, async () => assert.equal(await manifest('end', depth), END))

  it('may once more than a thousand times, as in Helm, and no more', async () => {
    const TOO_OFTEN = /rendering template has a nested reference name: r: unable to execute template$/
    await assert.rejects(manifest('end', 1001), (error) => error instanceof RenderError && TOO_OFTEN.test(error.message))
  })

  it('or without end', async () => {
    const endless = await chartOf({ 'templates/a.yaml': '{{ define "e" }}{{ template "e" . }}{{ end }}{{ template "e" . }}' })
    assert.throws(
      () => renderChart(endless, valuesOf(''), options),
      (error) => error instanceof RenderError && error.message.includes('exceeded maximum template depth (100000)'),
    )
  })

  it('fail deep inside with their own words and places', async () => {
    await assert.rejects(manifest('{{ fail "enough" }}', 900), (error) => {
      assert.ok(error instanceof RenderError)
      assert.match(error.message, /^execution error at \(c\/templates\/a\.yaml:1:6\): enough$/)
      assert.equal(error.diagnostics[0]?.at?.source.name, 'c/templates/_r.tpl')
      return true
    })
  })

  it('read the clock and random bytes of the host they are rendered for', async () => {
    const host = { now: () => Date.UTC(2001, 1, 3), randomBytes: (length: number) => new Uint8Array(length).fill(7) }
    const text = '{{ now | date "2006-01-02" }} {{ uuidv4 }}'
    const deep = await manifest(text, 900, { host })
    assert.match(deep, /2001-02-03 07070707-/)
    assert.equal(deep, await manifest(text, 1, { host }))
  })

  it('ask the cluster', async () => {
    const last = '{{ (lookup "v1" "ConfigMap" "a" "b").data }}{{ (lookup "v1" "ConfigMap" "a" "c").data }}'
    const asked: string[] = []
    const { manifest: text } = await renderChartWithLookup(await chartOf(nested(last)), valuesOf('depth: 900'), options, async (question) => {
      assert.ok(question.kind === 'lookup')
      asked.push(question.name)
      return new Map([['data', `of ${question.name}`]]) as GoMap
    })
    assert.match(text, /^v: of bof c$/m)
    assert.deepEqual(asked, ['b', 'c'])
  })
})
