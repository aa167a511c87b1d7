import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as flotilla from '../../src/index.ts'

test('the public API is exactly this', () => {
  assert.deepEqual(Object.keys(flotilla).sort(), [
    'DiagnosticError',
    'applyPlan',
    'buildState',
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
