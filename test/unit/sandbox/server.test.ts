import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Answer, type SandboxSession, sandboxSession } from '../../support/sandbox-session.ts'

const CONFIGS = '/api/v1/namespaces/default/configmaps'

function config(name: string, labels: Readonly<Record<string, string>> = {}): Answer {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data: { a: 'b' } }
}

function names(list: Answer): readonly string[] {
  return (list['items'] as readonly { readonly metadata: { readonly name: string } }[]).map((item) => item.metadata.name)
}

function metadata(object: Answer): Answer {
  return object['metadata'] as Answer
}

describe('the server', () => {
  let session: SandboxSession
  before(async () => {
    session = await sandboxSession()
  })
  after(() => session.sandbox.close())

  test('wants the token, as a header or in the path', async () => {
    const { url, token, kubeconfig } = session.sandbox
    const codes = await Promise.all([
      fetch(`${url}/api`).then((r) => r.status),
      fetch(`${url}/api`, { headers: { authorization: 'Bearer wrong' } }).then((r) => r.status),
      fetch(`${url}/token/wrong/api`).then((r) => r.status),
      fetch(`${url}/api`, { headers: { authorization: `Bearer ${token}` } }).then((r) => r.status),
      fetch(`${url}/token/${token}/api`).then((r) => r.status),
    ])
    assert.deepEqual(codes, [401, 401, 401, 200, 200])
    assert.match(kubeconfig, new RegExp(`server: ${url}/token/${token}\\n`))
  })

  test('tells its version and health', async () => {
    assert.equal((await session.call('GET', '/version')).body['gitVersion'], 'v1.36.3')
    assert.equal((await session.call('GET', '/readyz')).text, 'ok')
  })

  test('lists what it serves, plainly and aggregated', async () => {
    const groups = (await session.call('GET', '/apis')).body['groups'] as readonly Answer[]
    const plain = (await session.call('GET', '/apis/apps/v1')).body['resources'] as readonly Answer[]
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'
    const response = await fetch(`${session.sandbox.url}/apis`, { headers: { authorization: `Bearer ${session.sandbox.token}`, accept } })
    const aggregated = (await response.json()) as { readonly kind: string; readonly items: readonly { readonly metadata: Answer }[] }
    assert.ok(groups.some((group) => group['name'] === 'networking.k8s.io'))
    assert.deepEqual(
      plain.filter((r) => String(r['name']).startsWith('deployments')).map((r) => r['name']),
      ['deployments', 'deployments/scale', 'deployments/status'],
    )
    assert.match(response.headers.get('content-type') ?? '', /as=APIGroupDiscoveryList/)
    assert.equal(aggregated.kind, 'APIGroupDiscoveryList')
    assert.deepEqual(
      aggregated.items.map((item) => item.metadata['name']),
      groups.map((group) => group['name']),
    )
  })

  test('keeps, replaces and deletes objects, guarded by the resource version', async () => {
    const created = await session.call('POST', CONFIGS, config('crud'))
    assert.equal(created.code, 201)
    assert.equal((await session.call('POST', CONFIGS, config('crud'))).body['reason'], 'AlreadyExists')
    const changed = await session.call('PUT', `${CONFIGS}/crud`, { ...created.body, data: { a: 'c' } })
    assert.equal(changed.code, 200)
    const stale = await session.call('PUT', `${CONFIGS}/crud`, { ...created.body, data: { a: 'd' } })
    assert.deepEqual(
      [stale.code, stale.body['message']],
      [
        409,
        'Operation cannot be fulfilled on configmaps "crud": the object has been modified; please apply your changes to the latest version and try again',
      ],
    )
    const deleted = await session.call('DELETE', `${CONFIGS}/crud`)
    assert.deepEqual([deleted.body['status'], (deleted.body['details'] as Answer)['uid']], ['Success', metadata(created.body)['uid']])
    assert.equal((await session.call('GET', `${CONFIGS}/crud`)).code, 404)
  })

  test('writes nothing on a dry run and where nothing changes', async () => {
    assert.equal((await session.call('POST', `${CONFIGS}?dryRun=All`, config('dry'))).code, 201)
    assert.equal((await session.call('GET', `${CONFIGS}/dry`)).code, 404)
    const first = await session.apply(`${CONFIGS}/same`, config('same'))
    const second = await session.apply(`${CONFIGS}/same`, config('same'))
    assert.deepEqual(second.body, first.body)
  })

  test('makes names from generateName', async () => {
    const created = await session.call('POST', CONFIGS, { metadata: { generateName: 'gen-' } })
    assert.match(String(metadata(created.body)['name']), /^gen-[a-z0-9]{5}$/)
  })

  test('selects by labels and fields, and pages', async (t) => {
    await session.call('POST', '/api/v1/namespaces', { metadata: { name: 'lists' } })
    const path = '/api/v1/namespaces/lists/secrets'
    for (const [name, tier] of [
      ['a', 'web'],
      ['b', 'db'],
      ['c', 'web'],
      ['d', ''],
    ] as const) {
      await session.call('POST', path, { metadata: { name, ...(tier === '' ? {} : { labels: { tier } }) }, type: name === 'd' ? 'x/y' : 'Opaque' })
    }
    const table: readonly (readonly [query: string, expected: string])[] = [
      ['labelSelector=tier=web', 'a c'],
      ['labelSelector=tier==web', 'a c'],
      ['labelSelector=tier!=web', 'b d'],
      ['labelSelector=tier', 'a b c'],
      ['labelSelector=!tier', 'd'],
      ['labelSelector=tier in (web, db)', 'a b c'],
      ['labelSelector=tier notin (web)', 'b d'],
      ['labelSelector=tier=web,tier!=db', 'a c'],
      ['fieldSelector=metadata.name=b', 'b'],
      ['fieldSelector=type=x/y', 'd'],
      ['fieldSelector=type!=x/y,metadata.name!=a', 'b c'],
    ]
    for (const [query, expected] of table) {
      await t.test(query, async () => {
        assert.equal(names((await session.call('GET', `${path}?${encodeURI(query)}`)).body).join(' '), expected)
      })
    }
    const first = (await session.call('GET', `${path}?limit=3`)).body
    const token = String(metadata(first)['continue'])
    assert.deepEqual([names(first), metadata(first)['remainingItemCount']], [['a', 'b', 'c'], 1])
    assert.deepEqual(names((await session.call('GET', `${path}?limit=3&continue=${token}`)).body), ['d'])
    await session.call('DELETE', `${path}?labelSelector=tier=web`)
    assert.deepEqual(names((await session.call('GET', path)).body), ['b', 'd'])
  })

  test('follows changes from a resource version on', async () => {
    const start = metadata((await session.call('GET', CONFIGS)).body)['resourceVersion']
    await session.call('POST', CONFIGS, config('watched', { on: 'yes' }))
    await session.call('PATCH', `${CONFIGS}/watched`, { data: { a: 'c' } }, 'application/merge-patch+json')
    await session.call('PATCH', `${CONFIGS}/watched`, { metadata: { labels: { on: null } } }, 'application/merge-patch+json')
    const events = await session.call(
      'GET',
      `${CONFIGS}?watch=1&resourceVersion=${start}&labelSelector=on=yes&timeoutSeconds=1&allowWatchBookmarks=true`,
    )
    const types = events.text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Answer)['type'])
    assert.deepEqual(types, ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'])
  })

  test('has quantities in their canonical form', async () => {
    const limits = { cpu: '1000m', memory: '1024Mi', 'ephemeral-storage': '0.5Gi' }
    const pod = { metadata: { name: 'q' }, spec: { containers: [{ name: 'a', image: 'x:1', resources: { limits } }] } }
    const reply = await session.call('POST', '/api/v1/namespaces/default/pods?dryRun=All', pod)
    const [container] = (reply.body['spec'] as Answer)['containers'] as readonly { readonly resources: Answer }[]
    assert.deepEqual(container?.resources['limits'], { cpu: '1', memory: '1Gi', 'ephemeral-storage': '512Mi' })
  })

  test('serves custom resources while their definition is there', async () => {
    const version = (name: string, storage: boolean): Answer => ({
      name,
      served: true,
      storage,
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: { spec: { type: 'object', properties: { n: { type: 'integer' }, s: { type: 'string', pattern: '^a+$' } } } },
        },
      },
    })
    const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
    const names = { plural: 'things', kind: 'Thing' }
    const crd = {
      metadata: { name: 'things.test.example' },
      spec: { group: 'test.example', scope: 'Namespaced', names, versions: [version('v1', true), version('v2', false)] },
    }
    await session.call('POST', crds, crd)
    const path = '/apis/test.example/v1/namespaces/default/things'
    const thing = (spec: Answer): Answer => ({ apiVersion: 'test.example/v1', kind: 'Thing', metadata: { name: 't' }, spec })
    assert.equal((await session.call('POST', path, thing({ s: 'b' }))).body['reason'], 'Invalid')
    assert.deepEqual((await session.call('POST', path, thing({ n: 1, unknown: 2 }))).body['spec'], { n: 1 })
    assert.equal((await session.call('GET', '/apis/test.example/v2/namespaces/default/things/t')).body['apiVersion'], 'test.example/v2')
    await session.call('DELETE', `${crds}/things.test.example`)
    assert.equal((await session.call('GET', path)).code, 404)
  })

  test('does not let an object name a prototype', async () => {
    const reply = await session.call('POST', CONFIGS, '{"metadata":{"name":"proto"},"data":{"__proto__":"x"}}')
    assert.deepEqual([reply.code, ({} as Answer)['x'], reply.text.includes('"__proto__":"x"')], [201, undefined, true])
  })
})
