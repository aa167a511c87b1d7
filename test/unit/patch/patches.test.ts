import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { DiagnosticError } from '../../../src/base/diagnostic.ts'
import type { GoMap } from '../../../src/go/values.ts'
import { applyPatches, type PatchDocument, type Patches } from '../../../src/patch/patches.ts'
import { decodeYaml } from '../../../src/yaml/decode.ts'
import { encodeYaml } from '../../../src/yaml/encode.ts'

const DEPLOYMENT = '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, labels: {tier: front}}, spec: {replicas: 1}}'
const API = '{apiVersion: v1, kind: Service, metadata: {name: api, namespace: shop}, spec: {}}'
const DATABASE = '{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: shop}, spec: {serviceName: web}}'
const SERVICE = '{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {}}'

function map(text: string): GoMap {
  return decodeYaml({ name: 'x.yaml', text }, 'helmfile') as GoMap
}

function document(text: string, files: Readonly<Record<string, string>> = {}): PatchDocument {
  return { source: { name: 'patch.yaml', text }, read: (path) => files[path] }
}

function patched(patches: Partial<Patches>, ...objects: readonly string[]): string {
  const all = applyPatches(objects.map(map), { json: [], strategic: [], transformers: [], ...patches })
  return all.map(({ object }) => encodeYaml(object, 'helm').replaceAll('\n', ' ').trim()).join(' --- ')
}

const json = (text: string): Partial<Patches> => ({ json: [document(text)] })
const strategic = (text: string): Partial<Patches> => ({ strategic: [document(text)] })
const transformer = (text: string, files = {}): Partial<Patches> => ({ transformers: [document(text, files)] })

const SPEC = 'spec:   replicas: 1'
const HEAD = 'apiVersion: apps/v1 kind: Deployment metadata:   labels:     tier: front   name: web'

const DONE: readonly (readonly [name: string, patches: Partial<Patches>, expected: string])[] = [
  ['a merge of nothing changes nothing', strategic('{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}'), `${HEAD} ${SPEC}`],
  [
    'no namespace is the default one',
    strategic('{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: default}, spec: {replicas: 2}}'),
    'replicas: 2',
  ],
  ['a root directive deletes', strategic('{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, $patch: delete}'), ''],
  ['null removes a field', strategic('{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: null}'), HEAD],
  [
    'two merges in one file',
    strategic(
      '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {a: 1}}\n---\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {b: 2}}',
    ),
    'a: 1   b: 2   replicas: 1',
  ],
  [
    'a target by label',
    json('{target: {labelSelector: "tier in (front, back)"}, patch: [{op: replace, path: /spec/replicas, value: 4}]}'),
    'replicas: 4',
  ],
  ['a target by regular expression', json('{target: {kind: Dep.*, group: apps}, patch: [{op: add, path: /spec/x, value: 1}]}'), 'x: 1'],
  ['a replacement of what is not there', json('{target: {kind: Deployment}, patch: [{op: replace, path: /spec/fresh, value: 1}]}'), 'fresh: 1'],
  ['a list of transformers', transformer('[{kind: LabelTransformer, labels: {a: b}, fieldSpecs: [{path: metadata/labels}]}]'), 'a: b'],
  [
    'a transformer that reads a file',
    transformer('{kind: PatchTransformer, path: p.yaml, target: {kind: Deployment}}', { 'p.yaml': 'kind: X\nmetadata: {name: other}\nspec: {z: 1}' }),
    'name: web spec:   replicas: 1   z: 1',
  ],
  [
    'replacements of a file',
    transformer('{kind: ReplacementTransformer, replacements: [{path: r.yaml}]}', {
      'r.yaml': '- {sourceValue: "5", targets: [{select: {kind: Deployment}, fieldPaths: [spec.replicas]}]}',
    }),
    'replicas: 5',
  ],
  [
    'targets of a value in a file',
    transformer('{kind: ValueAddTransformer, value: v, targetFilePath: t.yaml}', { 't.yaml': 'targets: [{fieldPath: spec/paths/own}]' }),
    'paths:     own: v',
  ],
]

const replacement = (text: string): Partial<Patches> => transformer(`{kind: ReplacementTransformer, replacements: [{${text}}]}`)

const WRONG: readonly (readonly [name: string, patches: Partial<Patches>, code: string, says: string])[] = [
  ['a merge that means nothing', strategic('{apiVersion: apps/v1, kind: Deployment, metadata: {name: wbe}}'), 'patch/no-target', 'Deployment wbe'],
  [
    'a merge in another namespace',
    strategic('{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: n}}'),
    'patch/no-target',
    'namespace n',
  ],
  ['a JSON patch that means nothing', json('{target: {kind: Deploy}, patch: []}'), 'patch/no-target', 'kind=Deploy'],
  ['a merge without a name', strategic('{kind: Deployment}'), 'patch/bad-patch', 'metadata.name'],
  ['a JSON patch without a target', json('{patch: []}'), 'patch/bad-patch', 'target'],
  ['a JSON patch without operations', json('{target: {kind: Deployment}}'), 'patch/bad-patch', '"patch" must be set'],
  ['a path that is not there', json('{target: {kind: Deployment}, patch: [{op: remove, path: /spec/none}]}'), 'patch/bad-patch', '/spec/none'],
  [
    'a test that fails',
    json('{target: {kind: Deployment}, patch: [{op: test, path: /spec/replicas, value: 9}]}'),
    'patch/bad-patch',
    'testing value /spec/replicas failed',
  ],
  ['an unknown operation', json('{target: {kind: Deployment}, patch: [{op: twist, path: /spec}]}'), 'patch/bad-patch', 'twist'],
  [
    'a map over a scalar',
    strategic('{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: {a: 1}}}'),
    'patch/bad-patch',
    'spec.replicas',
  ],
  [
    'an unknown directive',
    strategic('{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {$patch: burn}}'),
    'patch/bad-patch',
    'burn',
  ],
  ['an unknown transformer', transformer('{kind: SealTransformer}'), 'patch/unsupported-transformer', 'SealTransformer'],
  [
    'a name that two objects had',
    transformer(
      [
        ['web', 'old'],
        ['api', 'web'],
      ]
        .map(
          ([from, to]) =>
            `{kind: PatchTransformer, target: {kind: Service, name: ^${from}$}, patch: '- {op: replace, path: /metadata/name, value: ${to}}'}`,
        )
        .join('\n---\n')
        .concat('\n---\n{kind: PrefixTransformer, prefix: my-, fieldSpecs: [{path: metadata/name, kind: Service}]}'),
    ),
    'patch/ambiguous-name',
    '"web" in StatefulSet db',
  ],
  ['a prefix without fields', transformer('{kind: PrefixTransformer, prefix: a}'), 'patch/bad-patch', 'has no fieldSpecs'],
  ['a file that is not there', transformer('{kind: PatchTransformer, path: nope.yaml}'), 'patch/missing-file', 'nope.yaml'],
  ['no target', replacement('sourceValue: x'), 'patch/bad-patch', 'at least one target'],
  ['two sources', replacement('sourceValue: x, source: {kind: Deployment}, targets: []'), 'patch/bad-patch', 'either a source or a sourceValue'],
  ['a source that means nothing', replacement('source: {kind: Job}, targets: []'), 'patch/no-target', 'kind=Job'],
  ['a source that means two', replacement('source: {kind: Service}, targets: []'), 'patch/ambiguous-name', 'Service web in namespace shop'],
  ['a field of a source', replacement('source: {kind: Deployment, fieldPath: spec.no}, targets: []'), 'patch/no-target', 'spec.no'],
  ['a target that means nothing', replacement('sourceValue: x, targets: [{select: {kind: Job}}]'), 'patch/no-target', 'kind=Job'],
  [
    'a field of a target',
    replacement('sourceValue: x, targets: [{select: {kind: Deployment}, fieldPaths: [spec.no]}]'),
    'patch/no-target',
    'unable to find field "spec.no"',
  ],
  ['a value without a target', transformer('{kind: ValueAddTransformer, value: x}'), 'patch/bad-patch', 'at least one target'],
  ['a value for a map', transformer('{kind: ValueAddTransformer, value: x, targets: [{fieldPath: spec}]}'), 'patch/bad-patch', 'no single value'],
  ['a bad expression', json('{target: {name: "("}, patch: []}'), 'patch/bad-target', 'name of the target'],
]

describe('patches', () => {
  for (const [name, patches, expected] of DONE)
    test(name, () => assert.ok(patched(patches, DEPLOYMENT).includes(expected), patched(patches, DEPLOYMENT)))

  test('objects that no patch means stay', () => {
    const without = patched({}, SERVICE)
    const [, service] = patched(json('{target: {kind: Deployment}, patch: [{op: remove, path: /spec}]}'), DEPLOYMENT, SERVICE).split(' --- ')
    assert.equal(service, without)
  })

  for (const [name, patches, code, says] of WRONG) {
    test(name, () => {
      assert.throws(
        () => patched(patches, DEPLOYMENT, SERVICE, API, DATABASE),
        (error) => error instanceof DiagnosticError && error.diagnostics[0]?.code === code && error.diagnostics[0].summary.includes(says),
      )
    })
  }
})
