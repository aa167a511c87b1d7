import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { nodeHost } from '../../../src/base/host-node.ts'
import type { ObjectRef } from '../../../src/kinds/kube-object.ts'
import { connect } from '../../../src/kube/connect.ts'
import { readLiveObjects } from '../../../src/plan/live-objects.ts'
import { listRecords } from '../../../src/release/storage.ts'
import { type ScriptedAnswer, scriptedServer } from '../../support/scripted-server.ts'

const forbidden: ScriptedAnswer = {
  status: 403,
  json: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Forbidden', message: 'no', code: 403 },
}
const missing: ScriptedAnswer = {
  status: 404,
  json: {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason: 'NotFound',
    message: 'not found',
    details: { name: 'y', kind: 'configmaps' },
    code: 404,
  },
}
const core = { kind: 'APIResourceList', groupVersion: 'v1', resources: ['secrets Secret', 'configmaps ConfigMap'].map((words) => resource(words)) }

function resource(words: string): unknown {
  const [name, kind] = words.split(' ')
  return { name, kind, namespaced: true, verbs: ['get', 'list', 'watch'] }
}

function list(...names: readonly string[]): ScriptedAnswer {
  const items = names.map((place) => ({ metadata: { namespace: place.split('/')[0], name: place.split('/')[1] } }))
  return { json: { kind: 'List', apiVersion: 'v1', metadata: {}, items } }
}

const one = (place: string): ScriptedAnswer => ({
  json: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: place.split('/')[0], name: place.split('/')[1] } },
})

function refs(kind: string, ...places: readonly string[]): readonly ObjectRef[] {
  return places.map((place) => ({ apiVersion: 'v1', kind, namespace: place.split('/')[0] as string, name: place.split('/')[1] as string }))
}

/** Runs `work` against a server with discovery and `script`; the requests that it saw, discovery left out. */
async function seenBy(
  script: Readonly<Record<string, ScriptedAnswer>>,
  work: (client: Awaited<ReturnType<typeof connect>>) => Promise<void>,
): Promise<readonly string[]> {
  const discovery = {
    'GET /api': { json: { kind: 'APIVersions', versions: ['v1'] } },
    'GET /apis': { json: { kind: 'APIGroupList', groups: [] } },
    'GET /api/v1': { json: core },
  }
  const server = await scriptedServer({ ...discovery, ...script })
  const client = await connect(nodeHost({ env: {} }), { server: server.url })
  try {
    await work(client)
    return server.seen
      .map(({ method, path }) => `${method} ${decodeURIComponent(path)}`)
      .filter((line) => !/ \/apis?(\/v1)?$/.test(line))
      .sort()
  } finally {
    client.close()
    await server.close()
  }
}

describe('readLiveObjects', () => {
  test('asks for few objects one by one', async () => {
    const seen = await seenBy(
      { 'GET /api/v1/namespaces/a/configmaps/x': one('a/x'), 'GET /api/v1/namespaces/a/configmaps/y': missing },
      async (client) => {
        const live = await readLiveObjects(client, refs('ConfigMap', 'a/x', 'a/y', 'a/x'), { concurrency: 4, namespaces: [] })
        assert.ok(live.find(refs('ConfigMap', 'a/x')[0] as ObjectRef))
        assert.equal(live.find(refs('ConfigMap', 'a/y')[0] as ObjectRef), undefined)
      },
    )
    assert.deepEqual(seen, ['GET /api/v1/namespaces/a/configmaps/x', 'GET /api/v1/namespaces/a/configmaps/y'])
  })

  test('lists a kind once for each of few namespaces, without release records', async () => {
    const script = { 'GET /api/v1/namespaces/a/secrets': list('a/x', 'a/y'), 'GET /api/v1/namespaces/b/secrets': list('b/x') }
    const seen = await seenBy(script, async (client) => {
      const live = await readLiveObjects(client, refs('Secret', 'a/x', 'a/y', 'b/x'), { concurrency: 4, namespaces: [] })
      assert.ok(live.find(refs('Secret', 'b/x')[0] as ObjectRef))
    })
    assert.deepEqual(
      seen.map((line) => line.replace(/&?limit=\d+/, '')),
      [
        'GET /api/v1/namespaces/a/secrets?fieldSelector=type!=helm.sh/release.v1',
        'GET /api/v1/namespaces/b/secrets?fieldSelector=type!=helm.sh/release.v1',
      ],
    )
  })

  const many = ['a', 'b', 'c', 'd', 'e']

  test('lists a kind once for many namespaces', async () => {
    const seen = await seenBy({ 'GET /api/v1/configmaps': list(...many.map((namespace) => `${namespace}/x`), 'z/other') }, async (client) => {
      const live = await readLiveObjects(client, refs('ConfigMap', ...many.map((namespace) => `${namespace}/x`)), { concurrency: 4, namespaces: [] })
      assert.ok(live.find(refs('ConfigMap', 'e/x')[0] as ObjectRef))
    })
    assert.deepEqual(
      seen.map((line) => line.replace(/\?.*/, '')),
      ['GET /api/v1/configmaps'],
    )
  })

  test('asks for less where listing is forbidden: each namespace, then each object', async () => {
    const script: Record<string, ScriptedAnswer> = { 'GET /api/v1/configmaps': forbidden, 'GET /api/v1/namespaces/a/configmaps': forbidden }
    for (const namespace of many.slice(1)) script[`GET /api/v1/namespaces/${namespace}/configmaps`] = list(`${namespace}/x`)
    for (const namespace of many) script[`GET /api/v1/namespaces/${namespace}/configmaps/x`] = one(`${namespace}/x`)
    const seen = await seenBy(script, async (client) => {
      const live = await readLiveObjects(client, refs('ConfigMap', ...many.map((namespace) => `${namespace}/x`)), { concurrency: 4, namespaces: [] })
      for (const ref of refs('ConfigMap', ...many.map((namespace) => `${namespace}/x`))) assert.ok(live.find(ref), ref.namespace)
    })
    assert.equal(seen.filter((line) => line.endsWith('/x')).length, 5)
  })

  test('kinds that are not served have no objects and cost nothing', async () => {
    const seen = await seenBy({}, async (client) => {
      const live = await readLiveObjects(client, [{ apiVersion: 'demo/v1', kind: 'Widget', namespace: 'a', name: 'x' }], {
        concurrency: 4,
        namespaces: [],
      })
      assert.equal(live.find({ apiVersion: 'demo/v1', kind: 'Widget', namespace: 'a', name: 'x' }), undefined)
    })
    assert.deepEqual(seen, [])
  })
})

test('listRecords asks each namespace where the cluster is forbidden', async () => {
  const script = { 'GET /api/v1/secrets': forbidden, 'GET /api/v1/namespaces/a/secrets': list(), 'GET /api/v1/namespaces/b/secrets': list() }
  const seen = await seenBy(script, async (client) => assert.deepEqual(await listRecords(client, ['a', 'b', 'a']), []))
  assert.deepEqual(
    seen.map((line) => line.replace(/\?.*/, '')),
    ['GET /api/v1/namespaces/a/secrets', 'GET /api/v1/namespaces/b/secrets', 'GET /api/v1/secrets'],
  )
})
