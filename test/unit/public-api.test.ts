import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import * as flotilla from '../../src/index.ts'
import { writeFiles } from '../support/write-files.ts'

test('the public API is exactly this', () => {
  assert.deepEqual(Object.keys(flotilla).sort(), [
    'DiagnosticError',
    'applyPlan',
    'buildState',
    'closedGates',
    'compareEnvironments',
    'explainValues',
    'formatDiagnostic',
    'listState',
    'loadState',
    'nodeHost',
    'openClusters',
    'planRemoval',
    'planRollbackOf',
    'planState',
    'planTests',
    'positionAt',
    'preparePromotion',
    'readPlanFile',
    'releaseHistory',
    'releaseStatus',
    'renderTemplates',
    'restorePlan',
    'savePlan',
    'showDag',
    'templateChart',
    'templateState',
    'writeValues',
  ])
})

test('a chart renders from its files in memory', async () => {
  const files = {
    'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 0.1.0\n',
    'values.yaml': 'a: 1\n',
    'templates/x.yaml': 'kind: X\na: {{ .Values.a }}\n',
  }
  assert.equal(
    await flotilla.templateChart({ chart: { files }, name: 'r', namespace: 'n', set: ['a=2'] }),
    '---\n# Source: c/templates/x.yaml\nkind: X\na: 2\n',
  )
  assert.deepEqual(await flotilla.renderTemplates({ chart: { files }, name: 'r', namespace: 'n' }), { 'c/templates/x.yaml': 'kind: X\na: 1\n' })
})

test('what is wrong in a chart rejects with the place and the cause', async () => {
  const files = { 'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 0.1.0\n', 'templates/x.yaml': 'a: 1\nb: {{ .Values.a.b }}\n' }
  await assert.rejects(flotilla.templateChart({ chart: { files }, name: 'r', namespace: 'n' }), (error) => {
    assert.ok(error instanceof flotilla.DiagnosticError)
    assert.match(error.message, /c\/templates\/x\.yaml:2:\d+/)
    assert.match(error.message, /nil pointer evaluating interface \{\}\.b/)
    return true
  })
})

test('environments are compared, and one promoted into the files of the other', async (t) => {
  const cwd = mkdtempSync(join(tmpdir(), 'flotilla-api-'))
  t.after(() => rmSync(cwd, { recursive: true, force: true }))
  const files = {
    'helmfile.yaml':
      'environments:\n  dev: { values: [dev.yaml] }\n  production: { values: [production.yaml] }\n---\nreleases: [{ name: a, chart: ./chart }]\n',
    'chart/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 0.1.0\n',
    'dev.yaml': 'api: { image: { tag: two } }\n',
    'production.yaml': 'api: { image: { tag: one } } # now\n',
  }
  writeFiles(cwd, files)
  const host = flotilla.nodeHost({ cwd })
  const { values } = await flotilla.compareEnvironments(host, 'dev', 'production', { state: {} })
  assert.deepEqual(
    values.map(({ path, source, target }) => [path, source?.value, target?.value]),
    [[['api', 'image', 'tag'], 'two', 'one']],
  )
  const promotion = await flotilla.preparePromotion(host, { source: 'dev', target: 'production' }, { state: {} })
  assert.deepEqual(promotion.files, ['production.yaml'])
  promotion.write()
  assert.equal(readFileSync(join(cwd, 'production.yaml'), 'utf8'), 'api: { image: { tag: two } } # now\n')
  assert.deepEqual((await flotilla.preparePromotion(host, { source: 'dev', target: 'production' }, { state: {} })).files, [])
})
