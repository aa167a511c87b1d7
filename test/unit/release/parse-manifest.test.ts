import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { nodeHost } from '../../../src/base/host-node.ts'
import { knownDocuments, parseManifest } from '../../../src/release/parse-manifest.ts'
import { offlineCapabilities } from '../../../src/render/capabilities.ts'
import { renderChart } from '../../../src/render/render-chart.ts'
import type { Rendered } from '../../../src/render/rendered.ts'
import { chartOf, valuesOf } from '../chart/in-memory.ts'

const configMap = (name: string, value: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: { a: ${value} }\n`

async function render(value: string): Promise<Rendered> {
  const items = `apiVersion: v1\nkind: ConfigMapList\nitems:\n  - { apiVersion: v1, kind: ConfigMap, metadata: { name: in-list } }\n`
  const files = {
    'templates/a.yaml': `${configMap('one', '{{ .Values.v }}')}---\n${configMap('two', "'1'")}--- # three\n${items}`,
    'templates/b.yaml': `\n\n${configMap('four', '"---\\n"')}\n\n`,
  }
  const release = { name: 'r', namespace: 'ns', isUpgrade: false, revision: 1 }
  return renderChart(await chartOf(files), valuesOf(`v: ${value}`), { host: nodeHost(), release, capabilities: offlineCapabilities() })
}

describe('parseManifest', () => {
  test('gives what was rendered, lists taken apart', async () => {
    const { manifest, objects } = await render('"x"')
    const names = parseManifest(manifest).map(({ metadata }) => metadata.name)
    assert.deepEqual(names.sort(), ['four', 'in-list', 'one', 'two'])
    assert.equal(objects.length, 4)
  })

  test('takes every document that has not changed from what is known, and reads the others', async () => {
    const [former, now] = [await render('"x"'), await render('"y"')]
    const known = new Map([...knownDocuments(now.objects)].map(([text, object]) => [text, { ...object, known: true }]))
    const objects = parseManifest(former.manifest, known)
    const isKnown = objects.map((object) => [object.metadata.name, object['known'] === true || object.metadata.name === 'in-list'])
    assert.deepEqual(isKnown.sort(), [
      ['four', true],
      ['in-list', true],
      ['one', false],
      ['two', true],
    ])
    assert.deepEqual(parseManifest(former.manifest, knownDocuments(now.objects)), parseManifest(former.manifest))
  })
})
