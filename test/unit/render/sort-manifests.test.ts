import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sortManifests } from '../../../src/render/sort-manifests.ts'
import { splitManifests } from '../../../src/render/split-manifests.ts'

const splits: readonly (readonly [stream: string, documents: readonly string[]])[] = [
  ['a\n---\nb', ['a\n', 'b']],
  ['---\n\n\na', ['a']],
  ['a\n--- # x\nb', ['a\n', '# x\nb']],
  ['---a', ['a']],
  ['a: |\n  ---\nb', ['a: |\n  ---\nb']],
  ['a\n---\n \t\n---\nb', ['a\n', 'b']],
  ['\u00a0\na', ['a']],
  ['', []],
]

function sorted(templates: Readonly<Record<string, string>>): {
  readonly order: readonly string[]
  readonly hooks: ReturnType<typeof sortManifests>['hooks']
  readonly said: readonly string[]
} {
  const said: string[] = []
  const { manifests, hooks } = sortManifests(new Map(Object.entries(templates)), (warning) => void said.push(warning.summary))
  return { order: manifests.map((manifest) => `${manifest.path} ${manifest.kind}`), hooks, said }
}

const hook = (event: string, more = ''): string => `kind: Job\nmetadata:\n  name: j\n  annotations:\n    helm.sh/hook: "${event}"\n${more}`

describe('splitManifests', () => {
  for (const [stream, documents] of splits) it(JSON.stringify(stream), () => assert.deepEqual(splitManifests(stream), documents))
})

describe('sortManifests', () => {
  it('follows the install order, unknown kinds last by name', () => {
    const { order } = sorted({
      'b.yaml': 'kind: Zebra\n---\nkind: Deployment\n---\nkind: Ant\n',
      'a.yaml': 'kind: Service\n---\nkind: Namespace\n---\n# nothing\n',
    })
    assert.deepEqual(order, ['a.yaml Namespace', 'a.yaml Service', 'b.yaml Deployment', 'a.yaml ', 'b.yaml Ant', 'b.yaml Zebra'])
  })

  it('passes partials and blank texts over', () => {
    assert.deepEqual(sorted({ '_a.yaml': 'kind: A', 'd/_b.tpl': 'kind: B', 'c.yaml': ' \n' }).order, [])
  })

  it('reads hooks', () => {
    const extra =
      '    helm.sh/hook-weight: "-5"\n    helm.sh/hook-delete-policy: hook-succeeded, Before-Hook-Creation\n    helm.sh/hook-output-log-policy: hook-failed\n'
    const [first] = sorted({ 'a.yaml': hook('Pre-Install, test-success', extra) }).hooks
    assert.deepEqual(first?.events, ['pre-install', 'test'])
    assert.equal(first?.weight, -5)
    assert.deepEqual(first?.deletePolicies, ['hook-succeeded', 'before-hook-creation'])
    assert.deepEqual(first?.outputLogPolicies, ['hook-failed'])
    assert.deepEqual(first?.object, { kind: 'Job', metadata: { name: 'j', annotations: first?.object.metadata.annotations } })
  })

  it('drops an object with an unknown event, and says so', () => {
    const { hooks, order, said } = sorted({ 'a.yaml': hook('pre-install,nope') })
    assert.deepEqual([hooks.length, order.length], [0, 0])
    assert.deepEqual(said, ['skipping unknown hooks hookTypes=pre-install,nope'])
  })

  const refused: readonly (readonly [text: string, message: RegExp])[] = [
    [
      '- a',
      /^YAML parse error on a.yaml: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type util.SimpleHead$/,
    ],
    ['metadata: {annotations: {a: [1]}}', /json: cannot unmarshal array into Go struct field .metadata.annotations of type string/],
    ['a: b: c', /^YAML parse error on a.yaml: error converting YAML to JSON: yaml: mapping values are not allowed in this context$/],
  ]
  for (const [text, message] of refused) it(`refuses ${text}`, () => assert.throws(() => sorted({ 'a.yaml': text }), { message }))
})
