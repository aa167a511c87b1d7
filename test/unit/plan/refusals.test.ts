import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { KubeObject } from '../../../src/kinds/kube-object.ts'
import type { DesiredRelease, Plan } from '../../../src/plan/plan.ts'
import type { Release } from '../../../src/state/state.ts'
import { type Cluster, desired, release, startCluster } from '../../support/desired-release.ts'
import { planRuns, planText, resultText } from '../../support/plan-runs.ts'

let cluster: Cluster
const { plan, execute, sync } = planRuns(() => cluster)

before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

const planStrictly = (releases: readonly Release[], wanted: Readonly<Record<string, DesiredRelease>>): Promise<Plan> =>
  plan(releases, wanted, { refusals: 'block' })

const service = (port: number): string =>
  `---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: ${port}}]}\n`
const config = (name: string, more = ''): string => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: b}\n${more}`
const job = (name: string, spec: string): string =>
  `---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: ${name}, annotations: {"helm.sh/hook": pre-install}}\nspec: ${spec}\n`
const definition = (kind: string, size: string): string => `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${kind.toLowerCase()}s.refused.demo.example}
spec:
  group: refused.demo.example
  names: {kind: ${kind}, plural: ${kind.toLowerCase()}s}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, required: [size], properties: {size: ${size}}}}}}
`
const custom = (kind: string, spec: string): string => `---\napiVersion: refused.demo.example/v1\nkind: ${kind}\nmetadata: {name: x}\nspec: ${spec}\n`

const blockers = (planned: Plan): readonly string[] =>
  planned.releases.flatMap((one) => one.blockers.map(({ subject, summary }) => `${subject}: ${summary}`))

describe('what the server would refuse keeps a release back', () => {
  test('an invalid object in a namespace that is there', async () => {
    const planned = await planStrictly([release('default/bad')], { bad: desired(service(99999)), 'default/bad': desired(service(99999)) })
    assert.match(blockers(planned).join('\n'), /^Service default\/web: the server would refuse this: Service "web" is invalid: /)
  })

  test('an invalid object in a namespace that is yet to come', async () => {
    const planned = await planStrictly([release('refused-new/bad')], { 'refused-new/bad': desired(service(99999)) })
    assert.match(blockers(planned).join('\n'), /^Service refused-new\/web: the server would refuse this: Service "web" is invalid: /)
  })

  test('a field that cannot change; it is named, and nothing is recorded', async () => {
    const web = release('refused/web')
    const claim = (size: string): DesiredRelease =>
      desired(
        `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: ${size}}}\n  template: {metadata: {labels: {app: ${size}}}, spec: {containers: [{name: a, image: b}]}}\n`,
      )
    await sync([web], { 'refused/web': claim('one') })
    const planned = await planStrictly([web], { 'refused/web': claim('two') })
    assert.match(blockers(planned).join('\n'), /^Deployment refused\/web: the server would refuse this: .*field is immutable$/)
    assert.equal((await plan([web], { 'refused/web': claim('two') })).releases[0]?.blockers.length, 0)
  })

  test('a hook', async () => {
    const planned = await planStrictly([release('default/hooked')], {
      'default/hooked': desired(config('a') + job('migrate', '{template: {spec: {containers: []}}}')),
    })
    assert.match(blockers(planned).join('\n'), /^Job default\/migrate: the server would refuse this: /)
  })

  test('all others wait, if nothing or all is wanted', async () => {
    const releases = [release('default/bad'), release('default/good')]
    const planned = await planStrictly(releases, { 'default/bad': desired(service(99999)), 'default/good': desired(config('good')) })
    const result = await execute(planned, { allOrNothing: true })
    assert.match(resultText(result), /^failed default\/bad\n.*\nskipped default\/good because of default\/bad$/)
    assert.equal(await cluster.client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'good' }), undefined)
  })
})

describe('objects whose definition the plan brings are checked against that', () => {
  test('in the same release, and in a later one', async () => {
    const [first, second] = [release('default/first'), release('default/second', { needs: ['default/first'] })]
    const planned = await planStrictly([first, second], {
      'default/first': desired(custom('Widget', '{size: big}'), { crds: definition('Widget', '{type: integer}') }),
      'default/second': desired(custom('Widget', '{size: 1, color: red}').replace('name: x', 'name: z')),
    })
    assert.deepEqual(blockers(planned), [
      'Widget default/x: spec.size must be of type integer, and is string, says widgets.refused.demo.example',
      'Widget default/z: spec.color is not known to the schema of widgets.refused.demo.example',
    ])
  })

  test('what fits is only said to be not served yet', async () => {
    const planned = await planStrictly([release('default/first')], {
      'default/first': desired(custom('Widget', '{size: 1}'), { crds: definition('Widget', '{type: integer}') }),
    })
    assert.equal(
      planText(planned),
      'install default/first: not installed\n  create crd CustomResourceDefinition widgets.refused.demo.example\n  create Widget x (kind Widget of refused.demo.example/v1 is not served yet)',
    )
  })

  test('rules in CEL are not checked, and that is said, but for those about changes', async () => {
    const rules = 'x-kubernetes-validations: [{rule: self > 0}, {rule: self < 9}, {rule: self >= oldSelf}]'
    const planned = await planStrictly([release('default/ruled')], {
      'default/ruled': desired(custom('Gauge', '{size: 1}') + custom('Gauge', '{size: 1}').replace('name: x', 'name: second'), {
        crds: definition('Gauge', `{type: integer, ${rules}}`),
      }),
    })
    const note =
      '(kind Gauge of refused.demo.example/v1 is not served yet) (2 rules of gauges.refused.demo.example (CEL) can be checked only once that is there)'
    assert.equal(planText(planned).split(note).length, 3)
    assert.deepEqual(blockers(planned), [])
  })

  test('a changed definition counts, and not what the server still has', async () => {
    const one = release('default/gears')
    const of = (type: string, size: string): DesiredRelease =>
      desired(`---${definition('Gear', `{type: ${type}}`)}${custom('Gear', `{size: ${size}}`)}`)
    await sync([one], { 'default/gears': of('integer', '1') })
    assert.deepEqual(blockers(await planStrictly([one], { 'default/gears': of('string', '"large"') })), [])
    assert.deepEqual(blockers(await planStrictly([one], { 'default/gears': of('string', '2') })).length, 1)
  })
})

describe('who owns what', () => {
  test('a hand edit is named with its manager, replicas of an autoscaler are left', async () => {
    const web = release('owned/web', { options: { forceConflicts: true } })
    const of = (image: string): DesiredRelease =>
      desired(
        `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: a}}\n  template: {metadata: {labels: {app: a}}, spec: {containers: [{name: a, image: "${image}"}]}}\n`,
      )
    await sync([web], { 'owned/web': of('web:1') })
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'owned', name: 'web' }
    const scale: KubeObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'owned' }, spec: { replicas: 4 } }
    await cluster.client.apply(scale, { fieldManager: 'autoscaler', force: true })
    const edit = { spec: { template: { spec: { containers: [{ name: 'a', image: 'web:hot' }] } } } }
    await cluster.client.patch(ref, 'application/strategic-merge-patch+json', edit, { fieldManager: 'kubectl-edit' })
    const planned = await plan([web], { 'owned/web': of('web:2') })
    assert.equal(
      planText(planned),
      'upgrade owned/web: 1 object changes\n  change Deployment web' +
        " (spec.replicas is autoscaler's and stays 4) (kubectl-edit has set spec.template.spec.containers[a].image, which this changes)",
    )
  })
})
