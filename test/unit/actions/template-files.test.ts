import assert from 'node:assert/strict'
import { test } from 'node:test'
import { templateChart } from '../../../src/actions/template-chart.ts'
import { writeTemplates } from '../../../src/actions/template-files.ts'
import { memoryHost } from '../../support/memory-host.ts'

const CHART = {
  'Chart.yaml': 'apiVersion: v2\nname: m\nversion: 1.0.0\n',
  'templates/none.yaml': 'kind: A\napiVersion: v1',
  'templates/many.yaml': '\n\nkind: B\napiVersion: v1\n\n\n',
  'templates/three.yaml': 'kind: C\napiVersion: v1\n---\nkind: D\napiVersion: v1\n\n---\n# comment\nkind: C\napiVersion: v1\n',
  'templates/hook.yaml': 'kind: H\napiVersion: v1\nmetadata:\n  name: x\n  annotations: {helm.sh/hook: test}\n',
}

/** As Helm 4.3.1 writes them with --output-dir. */
const WRITTEN: Readonly<Record<string, string>> = {
  'none.yaml': 'kind: A\napiVersion: v1\n',
  'many.yaml': 'kind: B\napiVersion: v1\n\n\n\n',
  'three.yaml':
    'kind: C\napiVersion: v1\n\n---\n# Source: m/templates/three.yaml\n# comment\nkind: C\napiVersion: v1\n\n---\n# Source: m/templates/three.yaml\nkind: D\napiVersion: v1\n\n\n',
  'hook.yaml': 'kind: H\napiVersion: v1\nmetadata:\n  name: x\n  annotations: {helm.sh/hook: test}\n\n',
}

test('files of templates end as Helm ends them', async () => {
  const host = memoryHost({})
  const paths = writeTemplates(host, 'out', await templateChart({ chart: { files: CHART }, forFiles: true, host }))
  assert.equal(paths.length, Object.keys(WRITTEN).length)
  for (const [name, text] of Object.entries(WRITTEN))
    assert.equal(host.fs.readText(`out/m/templates/${name}`), `---\n# Source: m/templates/${name}\n${text}`)
})
