import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadState } from '../../../src/state/load-state.ts'
import { memoryHost } from '../../support/memory-host.ts'

async function warnings(text: string, syncArgs: string | undefined): Promise<readonly string[]> {
  const told: string[] = []
  const warn = ({ summary }: { readonly summary: string }): void => void told.push(summary)
  await loadState(memoryHost({ 'helmfile.yaml': text }), { warn, ...(syncArgs !== undefined && { syncArgs }) })
  return told
}

const CASES: readonly (readonly [name: string, text: string, expected: readonly string[]])[] = [
  ['nothing of the kind', 'releases: [{name: a, chart: ./a, wait: true}]', []],
  ['what Helm does by itself', 'releases: [{name: a, chart: ./a, trackMode: helm, trackLogs: false, trackKinds: []}]', []],
  [
    'one line for all releases and keys of a reason',
    'releases: [{name: a, chart: ./a, trackMode: kubedog}, {name: b, chart: ./a, trackMode: kubedog, trackTimeout: 5, trackKinds: [Job]}]',
    ['trackMode, trackTimeout, trackKinds have no effect: how objects become ready is followed without kubedog'],
  ],
  [
    'defaults',
    'helmDefaults: {diffArgs: [--x], suppressOutputLineRegex: [a]}\nreleases: [{name: a, chart: ./a}]',
    [
      'helmDefaults.diffArgs has no effect: no helm-diff runs that they could be passed to',
      'helmDefaults.suppressOutputLineRegex has no effect: fields are compared, not lines',
    ],
  ],
  [
    'repositories',
    'repositories: [{name: r, url: x, oci: true, registryConfig: f}]\nreleases: [{name: a, chart: ./a}]',
    ['repositories[].registryConfig has no effect: credentials come from the files of Helm and Docker'],
  ],
  [
    'a strategy',
    'releases: [{name: a, chart: ./a, updateStrategy: reinstallIfForbidden}]',
    ['updateStrategy has no effect: no release is removed so that it can be installed again'],
  ],
]

for (const [name, text, expected] of CASES) {
  test(name, async () => {
    assert.deepEqual(await warnings(text, ''), expected)
    assert.deepEqual(await warnings(text, undefined), [], 'commands that neither compare nor write say nothing')
  })
}
