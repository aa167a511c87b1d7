import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { DiagnosticError } from '../../../src/base/diagnostic.ts'
import type { Host } from '../../../src/base/host.ts'
import { nodeHost } from '../../../src/base/host-node.ts'
import { type KubeClient, KubeError, type WatchEvent } from '../../../src/kube/client.ts'
import { type ConnectOptions, connect } from '../../../src/kube/connect.ts'
import { type ScriptedAnswer, type ScriptedServer, scriptedServer } from '../../support/scripted-server.ts'

const resource = (name: string, kind: string, namespaced = true) => ({
  resource: name,
  responseKind: { group: '', version: '', kind },
  scope: namespaced ? 'Namespaced' : 'Cluster',
  verbs: ['get', 'list'],
})
const DISCOVERY = {
  'GET /api': {
    json: {
      kind: 'APIGroupDiscoveryList',
      items: [
        {
          metadata: { name: '' },
          versions: [{ version: 'v1', resources: [resource('pods', 'Pod'), resource('secrets', 'Secret'), resource('nodes', 'Node', false)] }],
        },
      ],
    },
  },
  'GET /apis': {
    json: {
      kind: 'APIGroupDiscoveryList',
      items: [{ metadata: { name: 'apps' }, versions: [{ version: 'v1', resources: [resource('deployments', 'Deployment')] }] }],
    },
  },
} as const

/** A host whose pauses are over at once and are written down. */
function quickHost(pauses: number[] = [], env: Record<string, string> = {}): Host {
  return {
    ...nodeHost({ env: { HOME: '/nonexistent', ...env } }),
    sleep: (ms, signal) => {
      pauses.push(ms)
      return signal?.aborted ? Promise.reject(signal.reason as Error) : Promise.resolve()
    },
    randomBytes: (length) => new Uint8Array(length),
  }
}

async function setUp(
  t: TestContext,
  script: Record<string, ScriptedAnswer | readonly ScriptedAnswer[]>,
  options: ConnectOptions = {},
  host: Host = quickHost(),
): Promise<{ client: KubeClient; server: ScriptedServer }> {
  const server = await scriptedServer({ ...DISCOVERY, ...script })
  const client = await connect(host, { server: server.url, namespace: 'shop', ...options })
  t.after(async () => {
    client.close()
    await server.close()
  })
  return { client, server }
}

const status = (code: number, reason: string, message: string, details: object = { name: 'web', kind: 'pods' }): ScriptedAnswer => ({
  status: code,
  json: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, message, details, code },
})
const pod = (name: string, resourceVersion = '1') => ({ metadata: { name, namespace: 'shop', uid: `u-${name}`, resourceVersion } })
const POD = { apiVersion: 'v1', kind: 'Pod', name: 'web' } as const
const POD_PATH = '/api/v1/namespaces/shop/pods/web'

test('a read is tried again', async (t) => {
  const cases: readonly [name: string, answers: readonly ScriptedAnswer[], requests: number, pauses: readonly number[]][] = [
    ['after 429, honouring Retry-After', [{ status: 429, headers: { 'retry-after': '2' } }, { json: pod('web') }], 2, [2000]],
    ['after 503', [{ status: 503 }, { json: pod('web') }], 2, [50]],
    ['after a broken connection', [{ break: true }, { break: true }, { json: pod('web') }], 3, [50, 100]],
    ['not after 500', [{ status: 500 }, { json: pod('web') }], 1, []],
    ['not when asked to wait for minutes', [{ status: 429, headers: { 'retry-after': '600' } }, { json: pod('web') }], 1, []],
  ]
  for (const [name, answers, requests, pauses] of cases) {
    await t.test(name, async (t) => {
      const slept: number[] = []
      const { client, server } = await setUp(t, { [`GET ${POD_PATH}`]: answers }, {}, quickHost(slept))
      await client.get(POD).catch((error: unknown) => assert.ok(error instanceof KubeError))
      assert.equal(server.seen.filter((seen) => seen.path === POD_PATH).length, requests)
      assert.deepEqual(slept, pauses)
    })
  }
})

test('a creation goes again when the server refused before acting, or when nothing was made', async (t) => {
  const missing = status(404, 'NotFound', 'pods "web" not found')
  const there: ScriptedAnswer = {
    json: { apiVersion: 'v1', kind: 'Pod', ...pod('web'), spec: { nodeName: 'n', containers: [{ name: 'main', image: 'a', more: 1 }] } },
  }
  const another: ScriptedAnswer = { json: { apiVersion: 'v1', kind: 'Pod', ...pod('web'), spec: { containers: [{ name: 'main', image: 'b' }] } } }
  const cases: readonly [name: string, first: ScriptedAnswer, found: ScriptedAnswer, sent: string, outcome: string][] = [
    ['429', { status: 429 }, missing, 'POST POST', 'made'],
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '1' } }, missing, 'POST POST', 'made'],
    ['503 without', { status: 503 }, missing, 'POST GET POST', 'made'],
    ['a broken connection', { break: true }, missing, 'POST GET POST', 'made'],
    ['a broken connection, but it was made', { break: true }, there, 'POST GET', 'found'],
    ['a broken connection, and another is there', { break: true }, another, 'POST GET', 'kube/unreachable'],
    ['a refusal', status(422, 'Invalid', 'no'), there, 'POST', 'kube/invalid'],
  ]
  for (const [name, first, found, sent, outcome] of cases) {
    await t.test(name, async (t) => {
      const made: ScriptedAnswer = { status: 201, json: { ...pod('web'), metadata: { name: 'made' } } }
      const { client, server } = await setUp(t, { 'POST /api/v1/namespaces/shop/pods': [first, made], [`GET ${POD_PATH}`]: found })
      const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [{ name: 'main', image: 'a' }] } }
      const result = await client.create(object).then(
        ({ metadata }) => (metadata.name === 'made' ? 'made' : 'found'),
        (error: unknown) => (error as DiagnosticError).diagnostics[0]?.code,
      )
      assert.deepEqual([server.seen.map((seen) => seen.method).join(' '), result], [sent, outcome])
    })
  }
})

test('a write goes again when somebody else wrote at the same moment, unless it names a version or others own the fields', async (t) => {
  const race = status(409, 'Conflict', 'the object has been modified')
  const owned = status(409, 'Conflict', 'Apply failed with 1 conflict', { causes: [{ reason: 'FieldManagerConflict', field: '.data.x' }] })
  const plain = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } }
  const cases: readonly [name: string, first: ScriptedAnswer, write: (client: KubeClient) => Promise<unknown>, requests: number][] = [
    ['replace', race, (client) => client.replace(plain), 2],
    ['replace of a version', race, (client) => client.replace({ ...plain, metadata: { name: 'web', resourceVersion: '1' } }), 1],
    ['apply', race, (client) => client.apply(plain), 2],
    ['apply over the fields of others', owned, (client) => client.apply(plain), 1],
    ['merge patch', race, (client) => client.patch(POD, 'application/merge-patch+json', {}), 2],
    [
      'patch of a version',
      race,
      (client) => client.patch(POD, 'application/json-patch+json', [{ op: 'replace', path: '/metadata/resourceVersion', value: '1' }]),
      1,
    ],
  ]
  for (const [name, first, write, requests] of cases) {
    await t.test(name, async (t) => {
      const answers = [first, { json: pod('web') }]
      const { client, server } = await setUp(t, { [`PUT ${POD_PATH}`]: answers, [`PATCH ${POD_PATH}`]: answers })
      await write(client).catch((error: unknown) => assert.ok(error instanceof KubeError))
      assert.equal(server.seen.length, requests)
    })
  }
})

test('refusals carry what the server said and what was tried', async (t) => {
  const { client } = await setUp(t, {
    [`GET ${POD_PATH}`]: status(403, 'Forbidden', 'pods "web" is forbidden: User "x" cannot get'),
    'GET /api/v1/namespaces/shop/pods/gone': status(404, 'NotFound', 'pods "gone" not found', { name: 'gone', kind: 'pods' }),
    'GET /api/v1/nodes': { status: 401 },
    'PUT /api/v1/namespaces/shop/secrets/s': status(422, 'Invalid', 'Secret "s" is invalid: data: Invalid value: "hunter2": bad', {
      name: 's',
      causes: [{ reason: 'FieldValueInvalid', field: 'data', message: 'Invalid value: "hunter2": bad' }],
    }),
  })
  assert.equal(await client.get({ ...POD, name: 'gone' }), undefined)
  await assert.rejects(client.get(POD), (error: unknown) => {
    assert.ok(error instanceof KubeError)
    assert.equal(error.status, 403)
    assert.equal(error.message, 'pods "web" is forbidden: User "x" cannot get')
    const [diagnostic] = error.diagnostics
    assert.equal(diagnostic?.code, 'kube/forbidden')
    assert.equal(diagnostic?.hint, 'ask for a role that may get pods in namespace shop')
    return true
  })
  await assert.rejects(
    client.list('v1', 'Node'),
    (error: unknown) => error instanceof KubeError && error.diagnostics[0]?.code === 'kube/unauthorized',
  )
  await assert.rejects(client.replace({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } }), (error: unknown) => {
    assert.ok(error instanceof KubeError)
    assert.ok(!JSON.stringify([error.message, error.causes, error.diagnostics]).includes('hunter2'))
    assert.equal(error.causes[0]?.field, 'data')
    return true
  })
})

test('what has no name, or one that leads elsewhere, is never asked for', async (t) => {
  const { client, server } = await setUp(t, {})
  const all = (name: string, namespace: string) => {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name }
    const object = { ...ref, metadata: { name, namespace } }
    return [
      client.get(ref),
      client.delete(ref, { propagation: 'Background' }),
      client.apply(object, { fieldManager: 'helm' }),
      client.replace(object),
      client.patch(ref, 'application/merge-patch+json', {}),
    ]
  }
  const cases: readonly [name: string, namespace: string, message: string][] = [
    ['', 'shop', 'resource name may not be empty'],
    ['..', 'shop', `invalid resource name "..": [may not be '..']`],
    ['.', 'shop', `invalid resource name ".": [may not be '.']`],
    ['a/b', 'shop', `invalid resource name "a/b": [may not contain '/']`],
    ['a%2fb', 'shop', `invalid resource name "a%2fb": [may not contain '%']`],
    ['a', '..', `invalid namespace "..": [may not be '..']`],
  ]
  for (const [name, namespace, message] of cases) for (const asked of all(name, namespace)) await assert.rejects(asked, { message })
  assert.deepEqual(server.seen, [])
})

test('a server that is not there is unreachable', async () => {
  const server = await scriptedServer({})
  await server.close()
  const client = await connect(quickHost(), { server: server.url })
  await assert.rejects(client.version(), (error: unknown) => {
    assert.ok(error instanceof DiagnosticError)
    assert.equal(error.diagnostics[0]?.code, 'kube/unreachable')
    assert.match(error.message, /connection refused/)
    return true
  })
})

test('a kind that is not served is looked for twice, then unknown', async (t) => {
  const { client, server } = await setUp(t, {})
  await assert.rejects(client.get({ apiVersion: 'example.com/v1', kind: 'Foo', name: 'x' }), /no matches for kind "Foo" in version "example.com\/v1"/)
  assert.equal(server.seen.filter((seen) => seen.path === '/apis').length, 2)
})

test('lists follow pages and start again when the pages expire', async (t) => {
  const page = (items: unknown[], next?: string): ScriptedAnswer => ({
    json: { kind: 'PodList', metadata: { resourceVersion: '9', continue: next }, items },
  })
  const { client, server } = await setUp(t, {
    'GET /api/v1/namespaces/shop/pods': [page([pod('a')], 'more'), page([pod('b')])],
    'GET /api/v1/namespaces/other/pods': [page([pod('a')], 'more'), status(410, 'Expired', 'too old'), page([pod('a'), pod('b'), pod('c')])],
  })
  const names = async (namespace: string) =>
    (await client.list('v1', 'Pod', { namespace, labelSelector: 'app=web' })).map((item) => `${item.kind}/${item.metadata.name ?? ''}`)
  assert.deepEqual(await names('shop'), ['Pod/a', 'Pod/b'])
  assert.deepEqual(await names('other'), ['Pod/a', 'Pod/b', 'Pod/c'])
  const queries = server.seen.filter((seen) => seen.path.includes('/pods')).map((seen) => seen.path.split('?')[1])
  assert.deepEqual(queries, [
    'labelSelector=app%3Dweb&limit=500',
    'labelSelector=app%3Dweb&limit=500&continue=more',
    'labelSelector=app%3Dweb&limit=500',
    'labelSelector=app%3Dweb&limit=500&continue=more',
    'labelSelector=app%3Dweb',
  ])
})

test('writes say how they are meant', async (t) => {
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' } }
  const { client, server } = await setUp(t, {
    [`PATCH ${POD_PATH}`]: { json: object },
    [`DELETE ${POD_PATH}`]: [{ json: object }, status(404, 'NotFound', 'gone')],
    [`PUT ${POD_PATH}`]: { json: object },
    'POST /api/v1/namespaces/shop/pods': { json: object },
  })
  await client.apply(object, { fieldManager: 'helm', force: true, dryRun: true, fieldValidation: 'Strict' })
  await client.patch(POD, 'application/merge-patch+json', { a: null })
  await client.replace(object)
  await client.create(object, { dryRun: true })
  assert.equal(await client.delete(POD, { propagation: 'Foreground', uid: 'u1', resourceVersion: '7' }), true)
  assert.equal(await client.delete(POD), false)
  const sent = server.seen
    .filter((seen) => seen.path.includes('/pods'))
    .map((seen) => `${seen.method} ${seen.path.split('?')[1] ?? ''} ${seen.headers['content-type'] ?? ''} ${seen.body}`)
  assert.deepEqual(sent, [
    'PATCH dryRun=All&fieldManager=helm&fieldValidation=Strict&force=true application/apply-patch+yaml {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"}}',
    'PATCH  application/merge-patch+json {"a":null}',
    'PUT  application/json {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"}}',
    'POST dryRun=All application/json {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"}}',
    'DELETE  application/json {"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Foreground","preconditions":{"uid":"u1","resourceVersion":"7"}}',
    'DELETE  application/json {"apiVersion":"v1","kind":"DeleteOptions"}',
  ])
  assert.equal(client.requestCounts.get('DELETE pods'), 2)
})

test('packed answers, warnings and logs are read', async (t) => {
  const warnings: string[] = []
  const { client, server } = await setUp(
    t,
    {
      [`GET ${POD_PATH}`]: {
        headers: { 'content-encoding': 'gzip', warning: '299 - "v1 Pod is \\"old\\"", 299 - "second"' },
        bytes: gzipSync(JSON.stringify(pod('web'))),
      },
      [`GET ${POD_PATH}/log`]: { text: 'one\ntwo\n' },
    },
    { onWarning: (text) => warnings.push(text) },
  )
  assert.equal((await client.get(POD))?.metadata.uid, 'u-web')
  assert.deepEqual(warnings, ['v1 Pod is "old"', 'second'])
  assert.equal(await client.logs({ namespace: 'shop', name: 'web', container: 'main', tailLines: 2 }), 'one\ntwo\n')
  assert.equal(server.seen.at(-1)?.path, `${POD_PATH}/log?container=main&tailLines=2&limitBytes=16777216`)
})

test('a watch resumes, and after 410 lists again and tells what was lost', async (t) => {
  const event = (type: string, object: unknown) => ({ type, object })
  const list = (version: string, ...items: unknown[]): ScriptedAnswer => ({ json: { metadata: { resourceVersion: version }, items } })
  const { client, server } = await setUp(t, {
    'GET /api/v1/namespaces/shop/pods': [
      list('1', pod('a'), pod('b')),
      { lines: [event('MODIFIED', pod('a', '2')), event('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion: '5' } })] },
      { lines: [event('ERROR', { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' })] },
      list('9', pod('a', '8'), pod('c', '7')),
      { lines: [event('DELETED', pod('c', '10'))], keepOpen: true },
    ],
  })
  const stop = new AbortController()
  const told: string[] = []
  for await (const { type, object } of client.watch('v1', 'Pod', { namespace: 'shop', signal: stop.signal })) {
    told.push(`${type} ${object.metadata.name ?? '-'}@${object.metadata.resourceVersion ?? ''}`)
    if (told.length === 10) stop.abort()
  }
  assert.deepEqual(told, [
    'ADDED a@1',
    'ADDED b@1',
    'BOOKMARK -@1',
    'MODIFIED a@2',
    'BOOKMARK -@5',
    'MODIFIED a@8',
    'ADDED c@7',
    'DELETED b@1',
    'BOOKMARK -@9',
    'DELETED c@10',
  ] satisfies `${WatchEvent['type']} ${string}`[])
  const versions = server.seen
    .filter((seen) => seen.path.includes('watch=1'))
    .map((seen) => new URLSearchParams(seen.path.split('?')[1]).get('resourceVersion'))
  assert.deepEqual(versions, ['1', '5', '9'])
})

test('a watch goes on after its connection broke off', async (t) => {
  const { client } = await setUp(t, {
    'GET /api/v1/namespaces/shop/pods': [
      { json: { metadata: { resourceVersion: '1' }, items: [] } },
      { lines: [{ type: 'ADDED', object: pod('a', '2') }], breakAfterLines: true },
      { lines: [{ type: 'ADDED', object: pod('b', '3') }], keepOpen: true },
    ],
  })
  const stop = new AbortController()
  const told: string[] = []
  for await (const { object } of client.watch('v1', 'Pod', { namespace: 'shop', signal: stop.signal })) {
    told.push(`${object.metadata.name ?? '-'}@${object.metadata.resourceVersion ?? ''}`)
    if (told.length === 3) stop.abort()
  }
  assert.deepEqual(told, ['-@1', 'a@2', 'b@3'])
})

test('an aborted request ends with the reason', async (t) => {
  const { client } = await setUp(t, { [`GET ${POD_PATH}`]: { lines: [], keepOpen: true } })
  const stop = new AbortController()
  const asked = client.get(POD, { signal: stop.signal })
  setImmediate(() => stop.abort(new Error('enough')))
  await assert.rejects(asked, /enough/)
})

test('who may not discover is told so', async (t) => {
  const { client } = await setUp(t, { 'GET /apis': status(403, 'Forbidden', 'forbidden: User "x" cannot get path "/apis"', {}) })
  await assert.rejects(client.discovery(), /cannot get path/)
})

test('discovery falls back to the plain form', async (t) => {
  const { client, server } = await setUp(t, {
    'GET /api': { json: { kind: 'APIVersions', versions: ['v1'] } },
    'GET /apis': {
      json: {
        kind: 'APIGroupList',
        groups: [
          { name: 'apps', versions: [{ groupVersion: 'apps/v1', version: 'v1' }] },
          { name: 'down', versions: [{ groupVersion: 'down/v1', version: 'v1' }] },
        ],
      },
    },
    'GET /api/v1': {
      json: {
        resources: [
          { name: 'pods', kind: 'Pod', namespaced: true, verbs: ['get'] },
          { name: 'pods/eviction', kind: 'Eviction', namespaced: true, verbs: ['create'] },
        ],
      },
    },
    'GET /apis/apps/v1': {
      json: { resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true, verbs: ['get'], shortNames: ['deploy'] }] },
    },
    'GET /apis/down/v1': { status: 503 },
  })
  const discovery = await client.discovery()
  assert.deepEqual(discovery.apiVersions, ['apps/v1', 'apps/v1/Deployment', 'down/v1', 'v1', 'v1/Eviction', 'v1/Pod'])
  assert.deepEqual(
    discovery.resources.map((found) => found.plural),
    ['pods', 'deployments'],
  )
  assert.deepEqual(discovery.find('apps/v1', 'Deployment')?.shortNames, ['deploy'])
  assert.ok(server.seen.length > 4)
})
