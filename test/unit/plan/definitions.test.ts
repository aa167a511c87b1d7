import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { KubeObject } from '../../../src/kinds/kube-object.ts'
import { definitionHazards } from '../../../src/plan/definitions/definition-hazards.ts'
import type { DefinitionRule } from '../../../src/plan/definitions/definition-rule.ts'
import type { DefinitionVersion } from '../../../src/plan/definitions/planned-kinds.ts'
import type { StructuralSchema } from '../../../src/plan/definitions/structural-schema.ts'
import { type Cluster, desired, release, startCluster } from '../../support/desired-release.ts'
import { planRuns, planText } from '../../support/plan-runs.ts'

function definition(versions: readonly DefinitionVersion[], more: { readonly scope?: string; readonly stored?: readonly string[] } = {}): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'gears.demo.example' },
    spec: { group: 'demo.example', scope: more.scope ?? 'Namespaced', names: { kind: 'Gear', plural: 'gears' }, versions },
    status: { storedVersions: more.stored ?? ['v1'] },
  }
}
const version = (name: string, properties: Readonly<Record<string, StructuralSchema>> = {}, more: StructuralSchema = {}): DefinitionVersion => ({
  name,
  served: true,
  storage: name === 'v1',
  schema: { openAPIV3Schema: { type: 'object', properties, ...more } },
})

describe('what an upgrade of a definition may break', () => {
  const size = (schema: StructuralSchema): KubeObject => definition([version('v1', { size: schema })])
  const integer: StructuralSchema = { type: 'integer' }
  const cases: readonly (readonly [string, KubeObject, KubeObject, string])[] = [
    ['nothing', size(integer), size(integer), ''],
    ['a new field, a new version', size(integer), definition([version('v1', { size: integer, color: { type: 'string' } }), version('v2')]), ''],
    ['a wider type', size(integer), size({ type: 'number' }), ''],
    ['another type', size(integer), size({ type: 'string' }), 'schema: v1.size becomes string, and was integer'],
    ['fewer values', size({ type: 'string', enum: ['a', 'b'] }), size({ type: 'string', enum: ['a'] }), 'schema: v1.size allows fewer values'],
    ['more values', size({ type: 'string', enum: ['a'] }), size({ type: 'string', enum: ['a', 'b'] }), ''],
    ['values at all', size({ type: 'string' }), size({ type: 'string', enum: ['a'] }), 'schema: v1.size allows fewer values'],
    ['a smaller maximum', size({ type: 'integer', maximum: 9 }), size({ type: 'integer', maximum: 5 }), 'schema: v1.size gets maximum 5'],
    ['a limit at all', size(integer), size({ type: 'integer', minimum: 0 }), 'schema: v1.size gets minimum 0'],
    ['a limit less', size({ type: 'integer', minimum: 1 }), size({ type: 'integer', minimum: 0 }), ''],
    ['a pattern', size({ type: 'string' }), size({ type: 'string', pattern: '^a' }), 'schema: v1.size must match ^a'],
    ['no null', size({ type: 'string', nullable: true }), size({ type: 'string' }), 'schema: v1.size may no longer be null'],
    ['a field that goes', size(integer), definition([version('v1')]), 'schema: v1.size goes'],
    [
      'a field that is required',
      size(integer),
      definition([version('v1', { size: integer }, { required: ['size'] })]),
      'schema: v1.size becomes required',
    ],
    ['a rule', size(integer), size({ type: 'integer', not: { minimum: 3 } }), 'schema: v1.size gets further rules'],
    [
      'items',
      size({ type: 'array', items: integer }),
      size({ type: 'array', items: { type: 'string' } }),
      'schema: v1.size[] becomes string, and was integer',
    ],
    [
      'unknown fields',
      definition([version('v1', {}, { 'x-kubernetes-preserve-unknown-fields': true })]),
      definition([version('v1')]),
      'schema: v1 no longer keeps unknown fields',
    ],
    [
      'a served version',
      definition([version('v1'), version('v2')]),
      definition([version('v1'), { ...version('v2'), served: false }]),
      'served: version v2 is no longer served',
    ],
    [
      'a stored version',
      definition([version('v1'), version('v2')], { stored: ['v1', 'v2'] }),
      definition([version('v1')]),
      'stored: version v2 goes, in which objects are stored; served: version v2 is no longer served',
    ],
    [
      'the scope',
      definition([version('v1')]),
      definition([version('v1')], { scope: 'Cluster' }),
      'scope: the scope changes from Namespaced to Cluster',
    ],
  ]
  for (const [name, live, next, expected] of cases) {
    test(name, () => {
      assert.equal(
        definitionHazards(live, next)
          .map(({ kind, text }) => `${kind}: ${text}`)
          .join('; '),
        expected,
      )
    })
  }
})

describe('the rule of a release', () => {
  let cluster: Cluster
  const { plan, destroy, execute } = planRuns(() => cluster)
  before(async () => {
    cluster = await startCluster()
  })
  after(async () => cluster.close())

  const crd = (size: string): string => `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: cogs.rule.demo.example}
spec:
  group: rule.demo.example
  names: {kind: Cog, plural: cogs}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {size: ${size}}}}}]
`
  const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n'
  const app = release('ruled/app', { labels: { team: 'a' } })
  const chart = (size: string) => ({ 'ruled/app': desired(config, { crds: crd(size) }) })
  const planBy = async (size: string, rule?: DefinitionRule): Promise<string> =>
    planText(await plan([app], chart(size), rule ? { definitions: [rule] } : {}))
  const UPGRADE: DefinitionRule = { selector: 'team=a', policy: 'upgrade' }

  test("skip, and Helm's way on install", async () => {
    assert.doesNotMatch(await planBy('{type: integer}', { policy: 'skip' }), /crd/)
    assert.match(await planBy('{type: integer}', { selector: 'team=b', policy: 'skip' }), /create crd CustomResourceDefinition cogs/)
    const planned = await plan([app], chart('{type: integer}'))
    assert.equal((await execute(planned)).succeeded, true)
  })

  test('an upgrade changes nothing by itself, and is shown and done where it is asked for', async () => {
    assert.equal(await planBy('{type: number}'), 'none ruled/app: nothing changed')
    assert.equal(await planBy('{type: integer}', UPGRADE), 'none ruled/app: nothing changed')
    const planned = await plan([app], chart('{type: number}'), { definitions: [UPGRADE] })
    assert.equal(planText(planned), 'upgrade ruled/app: 1 object changes\n  change crd CustomResourceDefinition cogs.rule.demo.example')
    assert.equal((await execute(planned)).succeeded, true)
    assert.equal(await planBy('{type: number}', UPGRADE), 'none ruled/app: nothing changed')
  })

  test('what may break objects is kept back, unless it is allowed', async () => {
    assert.match(
      await planBy('{type: string}', UPGRADE),
      /blocked: upgrading the definition may break objects that exist: v1\.size becomes string, and was number/,
    )
    assert.match(
      await planBy('{type: string}', { ...UPGRADE, allow: ['schema'] }),
      /\(v1\.size becomes string, and was number \(allowed by the settings\)\)$/,
    )
  })

  test('nothing of it goes with the release', async () => {
    assert.equal((await execute(await destroy([app]))).succeeded, true)
    assert.ok(await cluster.client.get({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name: 'cogs.rule.demo.example' }))
  })
})
