import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, beforeEach, describe, test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import type { Clusters } from '../../../src/actions/clusters.ts'
import { digestKey, KEY_CHECK } from '../../../src/actions/digest-key.ts'
import { type Replanned, readPlanFile, restorePlan } from '../../../src/actions/restore-plan.ts'
import { savePlan } from '../../../src/actions/save-plan.ts'
import { DiagnosticError } from '../../../src/base/diagnostic.ts'
import type { Host } from '../../../src/base/host.ts'
import { nodeHost } from '../../../src/base/host-node.ts'
import type { KubeObject } from '../../../src/kinds/kube-object.ts'
import type { KubeClient } from '../../../src/kube/client.ts'
import { connect } from '../../../src/kube/connect.ts'
import type { PlanResult } from '../../../src/plan/events.ts'
import { executePlan } from '../../../src/plan/execute-plan.ts'
import type { DesiredRelease, Plan } from '../../../src/plan/plan.ts'
import { planDestroy } from '../../../src/plan/plan-destroy.ts'
import { planReleases } from '../../../src/plan/plan-releases.ts'
import { canonicalJson } from '../../../src/plan/saved/canonical-json.ts'
import { digestWith } from '../../../src/plan/saved/digest.ts'
import type { Mutation, PlanWork } from '../../../src/plan/saved/plan-file.ts'
import { keyMaterialOf } from '../../../src/plan/saved/read-histories.ts'
import { recordContent } from '../../../src/plan/saved/sending.ts'
import { decodeRecord } from '../../../src/release/codec.ts'
import { updateRecord, withStatus } from '../../../src/release/storage.ts'
import { startSandbox } from '../../../src/sandbox/start.ts'
import type { Release } from '../../../src/state/state.ts'
import { desired, release } from '../../support/desired-release.ts'
import { type Recorded, type RecordingProxy, recordingProxy } from '../../support/recording-proxy.ts'

const config = (name: string, value: string): string => `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {value: "${value}"}\n`
const secret = (value: string): string => `---\napiVersion: v1\nkind: Secret\nmetadata: {name: login}\nstringData: {password: "${value}"}\n`
const deployment = (image: string): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "${image}", ports: [{containerPort: 80}]}]}}
`
const job = (name: string, event: string, policy = 'before-hook-creation,hook-succeeded'): string => `---
apiVersion: batch/v1
kind: Job
metadata: {name: ${name}, annotations: {"helm.sh/hook": "${event}", "helm.sh/hook-delete-policy": "${policy}"}}
spec: {backoffLimit: 0, template: {spec: {restartPolicy: Never, containers: [{name: main, image: job}]}}}
`
const crd = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: gadgets.saved.demo.example}
spec:
  group: saved.demo.example
  names: {kind: Gadget, plural: gadgets}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
`

let host: Host
let proxy: RecordingProxy
let client: KubeClient
let clusters: Clusters
let identity: string
let recipient: string
let closeSandbox: () => Promise<void>
const folder = `${nodeHost().tempDir}/flotilla-saved-${process.pid}`
const path = `${folder}/the.plan`

before(async () => {
  identity = await generateIdentity()
  recipient = await identityToRecipient(identity)
  host = { ...nodeHost({ cwd: '/', env: { SOPS_AGE_KEY: identity } }), cwd: folder }
  const sandbox = await startSandbox(host, { readyAfterMs: 1 })
  closeSandbox = sandbox.close
  proxy = await recordingProxy(sandbox.kubeconfig)
  host.fs.writeFile(`${folder}/kubeconfig`, proxy.kubeconfig)
  client = await connect(host, { kubeconfig: `${folder}/kubeconfig` })
  clusters = { clientFor: async () => client, opened: new Map(), close: () => client.close() }
})
after(async () => {
  client.close()
  await proxy.close()
  await closeSandbox()
  host.fs.remove(folder)
})
beforeEach(() => {
  proxy.requests.length = 0
})

type Wanted = Readonly<Record<string, DesiredRelease>>

function planFor(releases: readonly Release[], wanted: Wanted): Promise<Plan> {
  return planReleases(host, {
    environment: 'staging',
    releases,
    desire: async ({ id }) => wanted[id] as DesiredRelease,
    clientFor: clusters.clientFor,
  })
}

/** How long plans are good for here: no machine is so slow that one grows old by itself. */
const HOUR_MS = 3_600_000

interface Saving {
  readonly recipients?: readonly string[]
  readonly secrets?: readonly string[]
}

/** What the key of the last plan's digests is made of, beside its salt. */
let keyMaterial: readonly string[] = []

async function save(plan: Plan, { recipients = [], secrets = [] }: Saving = {}): Promise<readonly string[]> {
  keyMaterial = keyMaterialOf(plan.releases.map(({ basis }) => basis?.history ?? []))
  return (await savePlan(host, plan, clusters, path, { recipients, secrets, maxAgeMs: HOUR_MS, leaseName: 'lease' })).withheld
}

const noReplan = async (): Promise<Replanned> => assert.fail('nothing is to be planned again')

async function apply(replan: () => Promise<Replanned> = noReplan, on: Host = host): Promise<PlanResult> {
  const restored = await restorePlan(on, readPlanFile(on, path), clusters, { path, replan })
  return executePlan(on, restored.clusters.clientFor, restored.plan)
}

/** The notes of the error that says the plan is stale. */
async function staleness(applying: Promise<unknown>): Promise<string> {
  const error = await applying.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof DiagnosticError, 'the plan was applied')
  const [first] = error.diagnostics
  return first?.code === 'plan/stale' ? (first.notes ?? []).map(({ text }) => text).join('\n') : `${first?.code}`
}

const contentTypes = new Set(['application/strategic-merge-patch+json', 'application/merge-patch+json', 'application/json-patch+json'])

/** What the plan file should say of a request, worked out from the wire alone. */
function contentsOf({ method, query, contentType, body }: Recorded): readonly unknown[] {
  const meant = Object.fromEntries(['fieldManager', 'fieldValidation'].flatMap((key) => (query.has(key) ? [[key, query.get(key)]] : [])))
  if (method === 'DELETE') {
    const { propagationPolicy, preconditions = {} } = body as { propagationPolicy?: string; preconditions?: { uid?: string } }
    return [{ propagation: propagationPolicy, uid: preconditions.uid }]
  }
  if (contentType === 'application/apply-patch+yaml') return [{ apply: body, ...meant, force: query.get('force') === 'true' }]
  if (contentTypes.has(contentType)) return [{ patch: body, type: contentType, ...meant }, { type: contentType }]
  const object = body as KubeObject
  if (object['type'] !== 'helm.sh/release.v1') return [{ object, ...meant }]
  const { content, loosely } = recordContent(decodeRecord(object))
  return [content, loosely]
}

function nameOf({ method, path: url, body }: Recorded): string {
  return method === 'POST' ? ((body as KubeObject).metadata.name as string) : (url.split('/').at(-1) as string)
}

/** Every request that changed something is in the list, and everything in the list that is for good days was sent. */
async function assertSentAsListed(work: PlanWork): Promise<void> {
  const digest = digestWith(await digestKey(work.salt, keyMaterial))
  const key = (mutation: Mutation): string => `${mutation.method} ${mutation.object.name} ${mutation.digest}`
  const listed = new Set(work.mutations.map(key))
  const sent = new Set<string>()
  for (const request of proxy.requests) {
    const found = contentsOf(request)
      .map((content) => `${request.method} ${nameOf(request)} ${digest(content)}`)
      .find((text) => listed.has(text))
    assert.ok(found, `not in the plan: ${request.method} ${request.path} ${JSON.stringify(request.body)}`)
    sent.add(found)
  }
  const unsent = work.mutations
    .filter((mutation) => !mutation.onFailure && !sent.has(key(mutation)))
    .map(({ method, object }) => `${method} ${object.kind} ${object.name}`)
  assert.deepEqual(unsent, [])
}

function workOf(): PlanWork {
  const { work } = readPlanFile(host, path)
  assert.ok('clear' in work)
  return work.clear
}

describe('what applying a saved plan sends is what it lists', () => {
  const web = release('sent/web')
  const one = desired(
    config('settings', 'one') + config('old', 'x') + deployment('web:1') + job('migrate', 'pre-install,pre-upgrade') + job('bye', 'pre-delete'),
    { crds: crd },
  )
  const two = desired(config('settings', 'two') + deployment('web:2') + job('migrate', 'pre-install,pre-upgrade'))

  test('an install with hooks, a namespace and a definition', async () => {
    assert.deepEqual(await save(await planFor([web], { 'sent/web': one })), [])
    assert.equal((await apply()).succeeded, true)
    await assertSentAsListed(workOf())
  })

  test('an upgrade with a removal', async () => {
    await save(await planFor([web], { 'sent/web': two }))
    assert.equal((await apply()).succeeded, true)
    await assertSentAsListed(workOf())
  })

  test('a plan that was applied is stale, and so is one that only began', async () => {
    assert.equal(await staleness(apply()), 'release sent/web: revision 2 (deployed) has come')
    assert.deepEqual(proxy.requests, [])
  })

  test('a client-side upgrade sends the patch that was planned', async () => {
    const side = release('sent/side', { options: { serverSide: 'false' } })
    await save(await planFor([side], { 'sent/side': desired(config('side', 'one')) }))
    await apply()
    proxy.requests.length = 0
    await save(await planFor([side], { 'sent/side': desired(config('side', 'two')) }))
    assert.equal((await apply()).succeeded, true)
    await assertSentAsListed(workOf())
  })

  test('a failed upgrade is taken back by listed requests only', async () => {
    const shaky = release('sent/shaky', { options: { atomic: true, cleanupOnFail: true } })
    await save(await planFor([shaky], { 'sent/shaky': desired(config('shaky', 'one')) }))
    await apply()
    proxy.requests.length = 0
    const failing = desired(
      config('shaky', 'two') +
        config('more', 'x') +
        job('check', 'post-upgrade').replace('image: job', 'image: job, command: ["false"]').replace('name: check,', 'name: check-fail,'),
    )
    await save(await planFor([shaky], { 'sent/shaky': failing }))
    const broken = { ...clusters, clientFor: async () => ({ ...client, apply: failOn(client, 'check-fail') }) }
    const restored = await restorePlan(host, readPlanFile(host, path), broken, { path, replan: noReplan })
    const result = await executePlan(host, restored.clusters.clientFor, restored.plan)
    assert.deepEqual(
      result.releases.map(({ result: how, rolledBackTo }) => [how, rolledBackTo]),
      [['failed', 1]],
    )
    const unlisted = result.releases.flatMap(({ diagnostics }) => diagnostics).filter(({ code }) => code === 'plan/unlisted-write')
    assert.deepEqual(unlisted, [])
  })

  test('a removal', async () => {
    await save(await planDestroy(host, { environment: 'staging', releases: [web], clientFor: clusters.clientFor }))
    assert.equal((await apply()).succeeded, true)
    await assertSentAsListed(workOf())
  })

  test('anything else is refused before it is sent', async () => {
    const plan = await planFor([web], { 'sent/web': two })
    await save(plan)
    const { clusters: guarded } = await restorePlan(host, readPlanFile(host, path), clusters, { path, replan: noReplan })
    const guard = await guarded.clientFor(undefined)
    const other: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'sent' }, data: { value: 'three' } }
    const refused = { code: 'plan/unlisted-write' }
    const codeOf = (error: unknown): boolean => error instanceof DiagnosticError && error.diagnostics[0]?.code === refused.code
    await assert.rejects(guard.apply(other, { fieldManager: 'helm' }), codeOf)
    await assert.rejects(guard.create(other), codeOf)
    await assert.rejects(guard.replace(other), codeOf)
    await assert.rejects(guard.delete({ apiVersion: 'v1', kind: 'ConfigMap', name: 'settings', namespace: 'sent' }), codeOf)
    await assert.rejects(
      guard.patch({ apiVersion: 'v1', kind: 'ConfigMap', name: 'settings', namespace: 'sent' }, 'application/merge-patch+json', {}),
      codeOf,
    )
    assert.deepEqual(proxy.requests, [])
  })
})

function failOn(through: KubeClient, name: string): KubeClient['apply'] {
  return async (object, options) => {
    if (object.metadata.name === name) throw new Error('the connection broke')
    return through.apply(object, options)
  }
}

describe('what makes a plan stale', () => {
  const web = release('stale/web', { options: { forceConflicts: true } })
  const one = desired(config('settings', 'one') + deployment('web:1'))
  const two = desired(config('settings', 'two') + deployment('web:2'))
  const settings = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'stale', name: 'settings' }
  const workload = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'stale', name: 'web' }
  const merge = 'application/merge-patch+json'

  before(async () => {
    await save(await planFor([web], { 'stale/web': one }))
    await apply()
  })

  const cases: readonly (readonly [string, () => Promise<unknown>, string])[] = [
    [
      'a field of ours that is changed by hand',
      () => client.patch(settings, merge, { data: { value: 'mine' } }, { fieldManager: 'kubectl-edit' }),
      'ConfigMap stale/settings of release stale/web: data.value changed, by kubectl-edit',
    ],
    ['a new revision', () => applyOther(), 'release stale/web: revision 2 (deployed) has come'],
    ['an object that is gone', () => client.delete(settings), 'ConfigMap stale/settings of release stale/web: it is gone'],
    [
      'an object that was made again',
      async () => {
        const live = (await client.get(settings)) as KubeObject
        await client.delete(settings)
        const { uid: _uid, resourceVersion: _version, managedFields: _fields, ...metadata } = live.metadata
        await client.create({ ...live, metadata }, { fieldManager: 'kubectl-create' })
      },
      'ConfigMap stale/settings of release stale/web: it was deleted and created again, by kubectl-create',
    ],
  ]

  const applyOther = async (): Promise<void> => {
    const plan = await planFor([web], { 'stale/web': desired(config('settings', 'other') + deployment('web:1')) })
    await executePlan(host, clusters.clientFor, plan)
  }
  const reset = async (): Promise<void> => {
    await executePlan(
      host,
      clusters.clientFor,
      await planReleases(host, { environment: 'staging', releases: [web], desire: async () => one, clientFor: clusters.clientFor }, { always: true }),
    )
  }

  for (const [name, change, expected] of cases) {
    test(name, async () => {
      await save(await planFor([web], { 'stale/web': two }))
      await change()
      proxy.requests.length = 0
      assert.equal((await staleness(apply())).replace(/revision \d+/, 'revision 2'), expected)
      assert.deepEqual(proxy.requests, [])
      await reset()
    })
  }

  test('status, fields of others and what controllers note change nothing', async () => {
    await reset()
    await save(await planFor([web], { 'stale/web': two }))
    const scale = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'stale' }, spec: { replicas: 5 } }
    await client.apply(scale, { fieldManager: 'autoscaler' })
    await client.patch(workload, merge, { metadata: { annotations: { 'controller.example/seen': 'yes' } } }, { fieldManager: 'controller' })
    await client.patch(settings, merge, { metadata: { labels: { team: 'a' } } }, { fieldManager: 'labeller' })
    assert.equal((await apply()).succeeded, true)
    assert.equal(((await client.get(workload)) as unknown as { spec: { replicas: number } }).spec.replicas, 5)
  })

  test('age, and another cluster', async () => {
    const always = await planReleases(
      host,
      { environment: 'staging', releases: [web], desire: async () => one, clientFor: clusters.clientFor },
      { always: true },
    )
    await save(always)
    const later = { ...host, now: () => host.now() + HOUR_MS + 1 }
    assert.match(await staleness(apply(noReplan, later)), /^environment staging: the plan was made at \S+ and was good until \S+$/)
    const elsewhere = await startSandbox(host, { readyAfterMs: 1 })
    host.fs.writeFile(`${folder}/elsewhere`, elsewhere.kubeconfig)
    const other = await connect(host, { kubeconfig: `${folder}/elsewhere` })
    const there = { ...clusters, clientFor: async () => other }
    const found = await staleness(restorePlan(host, readPlanFile(host, path), there, { path, replan: noReplan }))
    other.close()
    await elsewhere.close()
    assert.match(found, /^the current kubeconfig context: the plan is for the cluster \S+ \(\S+\), and this is \S+ \(\S+\)$/)
  })

  test('a plan with nothing to do may be applied again and again', async () => {
    await save(await planFor([web], { 'stale/web': two }))
    assert.deepEqual([(await apply()).succeeded, (await apply()).succeeded], [true, true])
    assert.deepEqual(proxy.requests, [])
  })
})

describe('secrets in a saved plan', () => {
  const SENTINEL = 'correct-horse-battery-staple'
  const app = release('hidden/app')
  const plain = release('hidden/plain')
  const wanted = (value: string): Wanted => ({
    'hidden/app': desired(secret(value) + config('settings', `url=${value}`), { config: { password: value } }),
    'hidden/plain': desired(config('plain', 'x')),
  })
  const forms = [SENTINEL, Buffer.from(SENTINEL).toString('base64'), encodeURIComponent(SENTINEL)]

  function assertHidden(): void {
    const text = gunzipSync(host.fs.readFile(path)).toString('utf8')
    for (const form of forms) assert.equal(text.includes(form), false, `the file holds ${form}`)
  }

  test('with a recipient nothing of the work can be read, and nothing is planned again', async () => {
    assert.deepEqual(await save(await planFor([app, plain], wanted(SENTINEL)), { recipients: [recipient], secrets: [SENTINEL] }), [])
    assertHidden()
    assert.equal(host.fs.stat(path)?.mode, 0o600)
    const stranger = { ...host, env: { SOPS_AGE_KEY: await generateIdentity() } }
    assert.equal(await staleness(apply(noReplan, stranger)), 'secrets/no-identity')
    assert.equal((await apply()).succeeded, true)
    const live = await client.get({ apiVersion: 'v1', kind: 'Secret', namespace: 'hidden', name: 'login' })
    assert.deepEqual(live?.['data'], { password: forms[1] })
  })

  test('without one it is withheld, planned again and compared', async () => {
    const next = `${SENTINEL}-2`
    const plan = (): Promise<Plan> => planFor([app, plain], wanted(next))
    assert.deepEqual(await save(await plan(), { secrets: [next] }), ['hidden/app'])
    assertHidden()
    const otherSecrets = async (): Promise<Replanned> => ({ plan: await planFor([app], wanted('else')), secrets: ['else'] })
    assert.equal(await staleness(apply(otherSecrets)), 'secrets: decrypted again, they are not what the plan was made with')
    const otherChart = async (): Promise<Replanned> => ({
      plan: await planFor([app], { 'hidden/app': desired(secret(next) + config('settings', 'other')) }),
      secrets: [next],
    })
    assert.match(
      await staleness(apply(otherChart)),
      /^release hidden\/app: made again, .* it comes to other changes of Secret .*, ConfigMap hidden\/settings;/,
    )
    proxy.requests.length = 0
    assert.equal((await apply(async () => ({ plan: await planFor([app], wanted(next)), secrets: [next] }))).succeeded, true)
    assert.equal((await client.get({ apiVersion: 'v1', kind: 'Secret', namespace: 'hidden', name: 'login' }))?.['data'] !== undefined, true)
  })
})

describe('secrets that only former revisions hold', () => {
  const SENTINEL = 'elderberry/wine?of=1871'
  const forms = [SENTINEL, Buffer.from(SENTINEL).toString('base64'), encodeURIComponent(SENTINEL)]
  const leaving = (name: string): string => secret(SENTINEL).replace('login', `login-${name}`) + config(`old-${name}`, `token=${SENTINEL}`)
  const former = (name: string): DesiredRelease =>
    desired(leaving(name) + config(name, `url=${SENTINEL}`), { config: { auth: { password: SENTINEL } } })
  const later = (name: string): DesiredRelease => desired(config(name, 'none') + config(`more-${name}`, 'x'))

  function assertClear(): void {
    const text = gunzipSync(host.fs.readFile(path)).toString('utf8')
    assert.equal(text.includes('"onRecords"'), true)
    for (const form of forms) assert.equal(text.includes(form), false, `the file holds ${form}`)
  }
  /** Installs the release with the secret in it, outside of any plan file. */
  async function install(wanted: Release, name: string): Promise<void> {
    assert.equal((await executePlan(host, clusters.clientFor, await planFor([wanted], { [wanted.id]: former(name) }))).succeeded, true)
    proxy.requests.length = 0
  }

  const ways: readonly (readonly [string, Release['options']])[] = [
    ['server', {}],
    ['client', { serverSide: 'false' }],
    ['atomic', { atomic: true }],
    ['patched', { atomic: true, serverSide: 'false' }],
  ]
  for (const [name, options] of ways) {
    test(`an upgrade (${name}) reads them again, and sends what is listed`, async () => {
      const wanted = release(`former/${name}`, { options })
      await install(wanted, name)
      assert.deepEqual(await save(await planFor([wanted], { [wanted.id]: later(name) })), [])
      assertClear()
      assert.equal((await apply()).succeeded, true)
      await assertSentAsListed(workOf())
      const superseded = await client.get({ apiVersion: 'v1', kind: 'Secret', namespace: 'former', name: `sh.helm.release.v1.${name}.v1` })
      const revision = decodeRecord(superseded as KubeObject)
      assert.deepEqual([revision.info.status, revision.config], ['superseded', { auth: { password: SENTINEL } }])
    })
  }

  test('a failed upgrade goes back to what the records say', async () => {
    const wanted = release('former/back', { options: { atomic: true } })
    await install(wanted, 'back')
    await save(await planFor([wanted], { 'former/back': later('back') }))
    assertClear()
    const broken = { ...clusters, clientFor: async () => ({ ...client, apply: failOn(client, 'more-back') }) }
    const restored = await restorePlan(host, readPlanFile(host, path), broken, { path, replan: noReplan })
    const { releases } = await executePlan(host, restored.clusters.clientFor, restored.plan)
    assert.deepEqual(
      releases.map(({ result, rolledBackTo, diagnostics }) => [result, rolledBackTo, diagnostics.some(({ code }) => code === 'plan/unlisted-write')]),
      [['failed', 1, false]],
    )
    const live = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'former', name: 'back' })
    assert.deepEqual(live?.['data'], { value: `url=${SENTINEL}` })
  })

  test('a revision that was left pending', async () => {
    const wanted = release('former/stuck')
    await install(wanted, 'stuck')
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'former', name: 'sh.helm.release.v1.stuck.v1' }
    const record = (await client.get(ref)) as KubeObject
    const revision = decodeRecord(record)
    await updateRecord(host, client, withStatus(revision, 'pending-upgrade'))
    proxy.requests.length = 0
    await save(await planFor([wanted], { 'former/stuck': later('stuck') }))
    assertClear()
    assert.equal((await apply()).succeeded, true)
    await assertSentAsListed(workOf())
  })

  test('a removal', async () => {
    const wanted = release('former/gone')
    await install(wanted, 'gone')
    assert.deepEqual(await save(await planDestroy(host, { environment: 'staging', releases: [wanted], clientFor: clusters.clientFor })), [])
    assertClear()
    assert.equal((await apply()).succeeded, true)
    await assertSentAsListed(workOf())
  })

  test('values that are reused cannot be told from them', async () => {
    const wanted = release('former/reused', { options: { reuseValues: true } })
    await install(wanted, 'reused')
    assert.deepEqual(await save(await planFor([wanted], { 'former/reused': later('reused') })), ['former/reused'])
  })

  test('digests cannot be tried without the records', async () => {
    const wanted = release('former/tried')
    await install(wanted, 'tried')
    await save(await planFor([wanted], { 'former/tried': later('tried') }))
    const { salt, keyCheck } = workOf()
    assert.notEqual(digestWith(await digestKey(salt, []))(KEY_CHECK), keyCheck)
    assert.equal(digestWith(await digestKey(salt, keyMaterial))(KEY_CHECK), keyCheck)
  })
})

describe('a file that is no plan', () => {
  const hollow = { format: 'flotilla-plan', formatVersion: 1, plan: {} }
  const cases: readonly (readonly [string, () => Uint8Array | string, string])[] = [
    ['text', () => 'releases: []', 'plan/no-plan-file'],
    ['another program', () => gzip({ format: 'other' }), 'plan/no-plan-file'],
    ['a later format', () => gzip({ format: 'flotilla-plan', formatVersion: 2 }), 'plan/other-format'],
    ['a changed plan', () => changed(), 'plan/damaged-file'],
    [
      'a plan without releases',
      () => gzip({ ...hollow, digest: createHash('sha256').update(canonicalJson(hollow)).digest('hex') }),
      'plan/damaged-file',
    ],
  ]
  for (const [name, content, code] of cases) {
    test(name, async () => {
      await save(await planFor([], {}))
      host.fs.writeFile(path, content())
      assert.throws(
        () => readPlanFile(host, path),
        (error) => error instanceof DiagnosticError && error.diagnostics[0]?.code === code,
      )
    })
  }
  test('nothing there', () => {
    assert.throws(() => readPlanFile(host, 'nowhere.plan'), /there is no such file/)
  })

  function changed(): Uint8Array {
    const file = JSON.parse(gunzipSync(host.fs.readFile(path)).toString('utf8')) as Record<string, unknown>
    return gzip({ ...file, environment: 'production' })
  }
})

function gzip(content: unknown): Uint8Array {
  return gzipSync(JSON.stringify(content))
}
