import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DiagnosticError, formatDiagnostic } from '../../../src/base/diagnostic.ts'
import { loadState } from '../../../src/state/load-state.ts'
import type { StateRequest } from '../../../src/state/request.ts'
import { memoryHost } from '../../support/memory-host.ts'

async function messageOf(files: Readonly<Record<string, string>>, request: StateRequest): Promise<string> {
  try {
    await loadState(memoryHost(files), request)
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics.map(formatDiagnostic).join('\n')
    throw error
  }
  return 'no error'
}

/** Text of helmfile.yaml, and what the message holds: place, sentence, code, hint. */
const files: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'an unknown key at the root',
    'relases:\n- {name: a}\n',
    ['helmfile.yaml:1:1', 'field relases not found in type state.HelmState [state/unknown-key]', 'did you mean "releases"?'],
  ],
  ['an unknown key of a release', 'releases:\n- name: a\n  chrt: r/x\n', ['helmfile.yaml:3:3', 'field chrt not found', 'did you mean "chart"?']],
  ['an unknown key in a later part', 'values: [{a: 1}]\n---\nreleases:\n- name: a\n  foo: 1\n', ['helmfile.yaml:5:3', 'field foo not found']],
  [
    'two at once',
    'releases:\n- {name: [a], wait: maybe, chart: r/x}\n',
    ['2:10', 'cannot unmarshal !!seq into string', '2:21', 'cannot unmarshal !!str `maybe` into bool'],
  ],
  [
    'a key twice',
    'releases:\n- name: a\n  chart: r/x\n  name: b\n',
    ['helmfile.yaml:4:3', 'mapping key "name" already defined at line 2 [state/duplicate-key]'],
  ],
  [
    'environments beside releases',
    'environments: {default: {}}\nreleases: []\n',
    ['helmfile.yaml:2:1', 'environments and releases cannot be defined within the same YAML part', '"environments" stands here'],
  ],
  ['keys in the wrong order', 'releases: []\n---\nbases: []\n', ['helmfile.yaml:3:1', 'top-level config key bases must be defined before releases']],
  ['no key at all', '# nothing\n', ['no top-level config keys are found in helmfile.yaml [state/no-keys]']],
  ['broken YAML', 'releases:\n- name: a\n chart: x\n', ['helmfile.yaml:3:']],
  [
    'an undefined need',
    'releases: [{name: a, chart: r/a, needs: [b]}]\n',
    ['helmfile.yaml:1:12', 'release(s) "a" depend(s) on an undefined release "b"', '[state/undefined-need]'],
  ],
  [
    'needs in a circle',
    'releases: [{name: a, chart: r/a, needs: [b]}, {name: b, chart: r/b, needs: [c]}, {name: c, chart: r/c, needs: [a]}]\n',
    ['cycle detected: a -> c -> b -> a [state/cyclic-needs]'],
  ],
  [
    'a release twice',
    'releases:\n- {name: a, chart: r/a}\n- {name: a, chart: r/b}\n',
    ['helmfile.yaml:3:3', 'found 2 duplicate releases with ID "a" [state/duplicate-release]', 'helmfile.yaml:2:3 is the first one'],
  ],
  [
    'an unknown template',
    'releases: [{name: a, chart: r/a, inherit: [{template: t}]}]\n',
    ['tried to inherit inexistent release template "t"', '[state/unknown-template]'],
  ],
  [
    'templates in a circle',
    'templates: {t: {inherit: [{template: u}]}, u: {inherit: [{template: t}]}}\nreleases: [{name: a, chart: r/a, inherit: [{template: t}]}]\n',
    ['cyclic inheritance detected: t->u->t'],
  ],
  [
    'expressions without end',
    'releases: [{name: a, chart: r/a, namespace: "{{ .Release.Namespace }}x"}]\n',
    ["recursive references can't be resolved", '[state/recursive-expressions]'],
  ],
  ['a condition that is none', 'releases: [{name: a, chart: r/a, condition: foo}]\n', ["Condition value must be in the form 'foo.enabled'"]],
  ['a missing nested file', 'helmfiles: [gone.yaml]\n', ['helmfile.yaml:1:13', 'no matches for path: gone.yaml']],
  ['a nested file that is itself', 'helmfiles: [helmfile.yaml]\n', ['contains a recursion into the same sub-helmfile at helmfiles[0]']],
  [
    'files that name one another',
    'helmfiles: [y.yaml]\n',
    ['state files nest deeper than 50', 'y.yaml -> helmfile.yaml -> y.yaml', '[state/nested-cycle]'],
  ],
  [
    'a nested file where nothing is fetched from',
    'helmfiles: ["gcs::https://h.test/z.yaml"]\n',
    ['helmfile.yaml:1:13', 'gcs:: is not supported [supply/unsupported-source]'],
  ],
  [
    'a chart that has to be a URL and is none',
    'releases: [{name: a, chart: r/a, forceGoGetter: true}]\n',
    ['helmfile.yaml:1:12', 'release "a" has forceGoGetter, but its chart "r/a" is no URL to fetch from [state/no-chart-url]'],
  ],
  [
    'options for Helm nobody here knows',
    'helmDefaults: {args: [--atomic-ish]}\nreleases: [{name: a, chart: r/a}]\n',
    ['the Helm option --atomic-ish is not supported in args [state/unsupported-argument]'],
  ],
  [
    'an option for Helm that is left out on purpose',
    'helmDefaults: {args: [--disable-openapi-validation]}\nreleases: [{name: a, chart: r/a}]\n',
    ['--disable-openapi-validation is not supported in args', 'hint: remove fields that the server does not know, with jsonPatches'],
  ],
  [
    'keys of values that are no texts',
    'values: [{80: x}]\nreleases: [{name: a, chart: r/a}]\n',
    ['unexpected type of key in map: expected string, got int: value=80'],
  ],
  [
    'settings that exclude one another',
    'releases: [{name: a, chart: r/a, force: true, forceConflicts: true}]\n',
    ['force and forceConflicts are mutually exclusive'],
  ],
]

for (const [name, text, expected] of files) {
  test(name, async () => {
    const message = await messageOf({ 'helmfile.yaml': text, 'x.hcl': '', 'y.yaml': 'helmfiles: [helmfile.yaml]\n' }, {})
    for (const part of expected) assert.ok(message.includes(part), `lacks ${part}:\n${message}`)
  })
}

const requests: readonly (readonly [string, string, StateRequest, string])[] = [
  [
    'an environment nobody knows',
    'environments: {prod: {}}\n---\nreleases: [{name: a, chart: r/a}]\n',
    { environment: 'dev' },
    'environment "dev" is not defined in helmfile.yaml',
  ],
  [
    'a selector that chooses nothing',
    'releases: [{name: a, chart: r/a}]\n',
    { selectors: ['name=b'] },
    'no releases found that matches specified selector(name=b) and environment(default), in any helmfile [state/no-releases]',
  ],
  [
    'a need that is not chosen',
    'releases: [{name: a, chart: r/a, needs: [b]}, {name: b, chart: r/b}]\n',
    { selectors: ['name=a'], skipNeeds: false },
    'release "a" depends on "b" which does not match the selectors',
  ],
  [
    'a need that is not installed',
    'releases: [{name: a, chart: r/a, needs: [b]}, {name: b, chart: r/b, installed: false}]\n',
    { enforceNeedsAreInstalled: true },
    'Release a has a transitive dependency b marked as installed=false',
  ],
  [
    'an option against a key',
    'namespace: x\nreleases: [{name: a, chart: r/a}]\n',
    { namespace: 'y' },
    'Cannot use option --namespace and set attribute namespace',
  ],
  ['a file that is not there', 'releases: []\n', { file: 'gone.yaml' }, 'specified state file gone.yaml is not found [state/no-state-file]'],
]

for (const [name, text, request, expected] of requests) {
  test(name, async () => {
    const message = await messageOf({ 'helmfile.yaml': text }, request)
    assert.ok(message.includes(expected), message)
  })
}
