import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DiagnosticError, formatDiagnostic } from '../../../src/base/diagnostic.ts'
import { originOf, placeOf } from '../../../src/base/source.ts'
import { loadState } from '../../../src/state/load-state.ts'
import { memoryHost } from '../../support/memory-host.ts'

const STATE = 'helmfile.yaml.gotmpl'

async function messageOf(files: Readonly<Record<string, string>>): Promise<string> {
  try {
    const state = await loadState(memoryHost(files))
    for (const file of state.files) for (const release of file.selected) await release.layers()
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics.map(formatDiagnostic).join('\n')
    throw error
  }
  return 'no error'
}

/** Lines of the state file's template, and where the message says that the error is. */
const PLACES: readonly (readonly [name: string, lines: readonly string[], says: readonly string[]])[] = [
  [
    'a key below an action of several lines',
    ['{{/* a', 'b */}}{{ $x := 1 }}', 'releases:', '- name: a', '  chrt: x'],
    [`${STATE}:5:3: error: field chrt`],
  ],
  ['a key inside a loop', ['releases:', '{{- range list 1 2 }}', '- name: a{{ . }}', '  chart: r/x', '  foo: 1', '{{- end }}'], [`${STATE}:5:3`]],
  [
    'a printed value that breaks the file',
    ['releases:', '- name: {{ "a: b: c" }}', '  chart: r/x'],
    [`${STATE}:2:9`, '^^^^^', 'rendered as: - name: a: b: c'],
  ],
  ['a key in a later part', ['values: [{a: 1}]', '---', '{{- if true }}', 'releases:', '- bar: 1', '{{- end }}'], [`${STATE}:5:3`]],
  [
    'a missing file',
    ['{{- if true }}', 'releases:', '- name: a', '  chart: r/x', '  values: [none.yaml]', '{{- end }}'],
    [`${STATE}:5:11`, 'none.yaml'],
  ],
]

describe('places in templates', () => {
  for (const [name, lines, says] of PLACES) {
    test(name, async () => {
      const message = await messageOf({ [STATE]: `${lines.join('\n')}\n` })
      for (const part of says) assert.ok(message.includes(part), `${message}\nlacks ${part}`)
      assert.ok(!message.includes('(rendered)'), message)
    })
  }

  test('a values file that is a template', async () => {
    const state = 'releases:\n- {name: a, chart: r/x, values: [v.yaml.gotmpl]}\n'
    const message = await messageOf({ 'helmfile.yaml': state, 'v.yaml.gotmpl': '{{ if true }}\n{{ end }}\nk: {{ "a: b" }}\n' })
    assert.ok(message.includes('v.yaml.gotmpl:3:4'), message)
  })

  test('an environment values file that is a template', async () => {
    const state = 'environments: {default: {values: [v.yaml.gotmpl]}}\n---\nreleases: []\n'
    const message = await messageOf({ 'helmfile.yaml': state, 'v.yaml.gotmpl': 'k: 1\n{{ "[" }}\n' })
    assert.ok(message.includes('v.yaml.gotmpl:'), message)
    assert.ok(!message.includes('(rendered)'), message)
  })

  test('a template that runs commands is not rendered again for a place', async () => {
    const state = 'releases:\n- {name: a, chart: r/x, values: [v.yaml.gotmpl]}\n'
    const files = { 'helmfile.yaml': state, 'v.yaml.gotmpl': '{{ exec "date" (list) }}\nk: 1\n' }
    const host = memoryHost(files)
    let runs = 0
    const counting = {
      ...host,
      runSync: () => {
        runs++
        return { code: 0, stdout: Buffer.from('a: 1'), stderr: new Uint8Array(), missing: false }
      },
    }
    const loaded = await loadState(counting)
    const [layer] = (await loaded.files[0]?.selected[0]?.layers()) ?? []
    const at = layer?.placeOf(['k'])
    assert.ok(at)
    assert.equal(placeOf(at), 'v.yaml.gotmpl (rendered):2:4')
    assert.equal(originOf(at), at)
    assert.equal(runs, 1)
  })

  test('a value that an action printed leads to the action', async () => {
    const state = 'releases:\n- {name: a, chart: r/x, values: [v.yaml.gotmpl]}\n'
    const loaded = await loadState(memoryHost({ 'helmfile.yaml': state, 'v.yaml.gotmpl': '{{ $a := 1 }}{{/*\n*/}}\n{{ printf "%s: %d" "k" $a }}\n' }))
    const [layer] = (await loaded.files[0]?.selected[0]?.layers()) ?? []
    const at = layer?.placeOf(['k'])
    assert.ok(at)
    assert.equal(placeOf(at), 'v.yaml.gotmpl:3:1')
  })
})
