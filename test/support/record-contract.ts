import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Host } from '../../src/base/host.ts'
import type { KubeClient } from '../../src/kube/client.ts'
import type { Revision } from '../../src/release/record.ts'
import {
  createRecord,
  deleteRecord,
  groupByRelease,
  listRecords,
  readHistory,
  revisionOf,
  updateRecord,
  withStatus,
} from '../../src/release/storage.ts'

/** A place for records, as tests want it. */
export interface RecordPlace {
  readonly host: Host
  readonly client: KubeClient
  /** Namespaces that are there and hold no records. */
  readonly namespaces: readonly [string, string]
  close(): Promise<void>
}

const WRITERS = 12

function revision(namespace: string, version: number, over: Partial<Revision> = {}): Revision {
  return {
    name: 'web',
    namespace,
    version,
    info: {
      firstDeployed: '2026-01-02T03:04:05Z',
      lastDeployed: '2026-01-02T03:04:05Z',
      deleted: '',
      description: 'höhe "1"',
      status: 'pending-install',
    },
    chart: undefined,
    config: { a: "it's", n: 1 },
    manifest: `---\n# ${version}\n`,
    hooks: [],
    labels: { team: 'a', 'example.com/x': 'y' },
    applyMethod: 'ssa',
    ...over,
  }
}

/** Tests that every store of records has to pass. */
export function recordContract(name: string, open: () => Promise<RecordPlace>): void {
  describe(name, () => {
    let place: RecordPlace
    before(async () => {
      place = await open()
    })
    after(async () => place.close())

    test('what was written is read, and its labels say what it is', async () => {
      const { host, client, namespaces } = place
      const [namespace] = namespaces
      const written = revision(namespace, 1)
      await createRecord(host, client, written)
      const [record] = await readHistory(client, written)
      assert.ok(record)
      assert.deepEqual(revisionOf(record), written)
      assert.deepEqual([record.name, record.namespace, record.version, record.status], ['web', namespace, 1, 'pending-install'])
      assert.match(record.object.metadata.labels?.['createdAt'] ?? '', /^\d{10}$/)
    })

    test('a record is written once', async () => {
      const { host, client, namespaces } = place
      await assert.rejects(createRecord(host, client, revision(namespaces[0], 1)), /\[release\/record-exists\]/)
    })

    test('a record that is written over has its new status, and tells that it changed', async () => {
      const { host, client, namespaces } = place
      const [before] = await readHistory(client, { namespace: namespaces[0], name: 'web' })
      await updateRecord(host, client, withStatus(revision(namespaces[0], 1), 'deployed', 'Install complete'))
      const [after] = await readHistory(client, { namespace: namespaces[0], name: 'web' })
      assert.ok(before && after)
      assert.equal(after.status, 'deployed')
      assert.equal(revisionOf(after).info.description, 'Install complete')
      assert.deepEqual(revisionOf(after).labels, { team: 'a', 'example.com/x': 'y' })
      assert.equal(after.object.metadata.uid, before.object.metadata.uid)
      assert.notEqual(after.object.metadata.resourceVersion, before.object.metadata.resourceVersion)
    })

    test('one listing has the releases of all namespaces that were asked for', async () => {
      const { host, client, namespaces } = place
      await createRecord(host, client, revision(namespaces[1], 1, { name: 'api' }))
      await createRecord(host, client, revision(namespaces[0], 2))
      const both = groupByRelease(await listRecords(client, namespaces))
      const text = [...both].map(([key, records]) => `${key} ${records.map(({ version }) => version).join()}`)
      assert.deepEqual(text.sort(), [`${namespaces[0]}/web 1,2`, `${namespaces[1]}/api 1`].sort())
      assert.deepEqual([...groupByRelease(await listRecords(client, [namespaces[1]])).keys()], [`${namespaces[1]}/api`])
      assert.deepEqual(await readHistory(client, { namespace: namespaces[1], name: 'web' }), [])
    })

    test(`of ${WRITERS} who write the same revision one succeeds, and of other revisions none is lost`, async () => {
      const { host, client, namespaces } = place
      const [namespace] = namespaces
      const all = Array.from({ length: WRITERS }, (_, index) => index)
      const same = await Promise.allSettled(all.map((index) => createRecord(host, client, revision(namespace, 3, { manifest: `# ${index}` }))))
      assert.equal(same.filter(({ status }) => status === 'fulfilled').length, 1)
      const winner = same.findIndex(({ status }) => status === 'fulfilled')
      await Promise.all(all.map((index) => createRecord(host, client, revision(namespace, 10 + index))))
      await Promise.all(all.map((index) => updateRecord(host, client, withStatus(revision(namespace, 10 + index), 'superseded'))))
      const history = await readHistory(client, { namespace, name: 'web' })
      assert.deepEqual(
        history.map(({ version, status }) => `${version} ${status}`),
        ['1 deployed', '2 pending-install', '3 pending-install', ...all.map((index) => `${10 + index} superseded`)],
      )
      assert.equal(history[2] && revisionOf(history[2]).manifest, `# ${winner}`)
    })

    test('a record goes once', async () => {
      const { client, namespaces } = place
      const web = { namespace: namespaces[0], name: 'web' }
      assert.equal(await deleteRecord(client, web, 1), true)
      assert.equal(await deleteRecord(client, web, 1), false)
      for (const { version } of await readHistory(client, web)) await deleteRecord(client, web, version)
      assert.equal(await deleteRecord(client, { namespace: namespaces[1], name: 'api' }, 1), true)
      assert.deepEqual(await listRecords(client, namespaces), [])
    })
  })
}
