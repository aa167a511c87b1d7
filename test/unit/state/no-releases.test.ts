import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DiagnosticError, formatDiagnostic } from '../../../src/base/diagnostic.ts'
import { loadState } from '../../../src/state/load-state.ts'
import type { StateRequest } from '../../../src/state/request.ts'
import { memoryHost } from '../../support/memory-host.ts'

const FILES = {
  'helmfile.yaml': `environments: {default: {values: [{off: {enabled: false}}]}}
---
helmfiles: [{path: data.yaml, selectors: [tier=data]}, prod.yaml]
releases:
- {name: web, chart: r/x, labels: {tier: front}}
- {name: off, chart: r/x, labels: {tier: back}, condition: off.enabled}
`,
  'data.yaml': 'releases: [{name: db, chart: r/x}]\n',
  'many.yaml': 'environments: {default: {}, eu: {}, us: {}}\n---\nreleases: [{name: p, chart: r/x}]\n',
  'none.yaml': 'releases: [{name: p, chart: r/x}]\n',
  'prod.yaml': 'environments: {prod: {}}\n---\nreleases: [{name: p, chart: r/x}]\n',
}

/** What is asked for, and lines that the message holds. */
const CASES: readonly (readonly [StateRequest, readonly string[]])[] = [
  [
    { selectors: ['tier=back'] },
    [
      'helmfile.yaml:6:3 its condition switches off release "off" of helmfile.yaml',
      'data.yaml is left out, for it stands under "tier=data"',
      'the one release of prod.yaml does not match "tier=back"',
    ],
  ],
  [{ selectors: ['name=wbe'] }, ['none of the 2 releases of helmfile.yaml matches "name=wbe"', 'did you mean "name=web"?']],
  [{ environment: 'stage' }, ['environment "stage" is not defined in helmfile.yaml, which has default']],
  [
    { file: 'prod.yaml', environment: 'prdo' },
    ['environment "prdo" is not defined in prod.yaml, which has prod', 'did you mean "--environment prod"?'],
  ],
  [{ file: 'many.yaml', environment: 'x' }, ['environment "x" is not defined in many.yaml, which has default, eu and us']],
  [{ file: 'none.yaml', environment: 'x' }, ['environment "x" is not defined in none.yaml']],
]

for (const [request, says] of CASES) {
  test(`${JSON.stringify(request)} finds nothing, and why`, async () => {
    await assert.rejects(loadState(memoryHost(FILES), request), (error) => {
      assert.ok(error instanceof DiagnosticError)
      const message = error.diagnostics.map(formatDiagnostic).join('\n')
      for (const part of says) assert.ok(message.includes(part), `${message}\nlacks ${part}`)
      return true
    })
  })
}
