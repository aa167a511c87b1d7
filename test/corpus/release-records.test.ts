import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import type { KubeObject } from '../../src/kinds/kube-object.ts'
import { decodeRecord, encodeRecord } from '../../src/release/codec.ts'
import { encodeRevision } from '../../src/release/encode-revision.ts'
import { skipWithout, unpackedCorpus } from '../support/corpus.ts'

const ARCHIVE = 'releases.tar.xz'
const skip = skipWithout(ARCHIVE)

interface Recorded {
  readonly secret: KubeObject & { readonly data: { readonly release: string } }
  readonly release: Record<string, unknown>
}

/** Every record after every step: `scenario/step name` with what lay in the cluster. */
function* recordedRecords(): Generator<readonly [string, Recorded]> {
  const folder = unpackedCorpus(ARCHIVE)
  for (const scenario of readdirSync(folder)) {
    for (const file of readdirSync(join(folder, scenario)).filter((name) => name.endsWith('.records.json'))) {
      const records = JSON.parse(readFileSync(join(folder, scenario, file), 'utf8')) as Recorded[]
      for (const record of records) yield [`${scenario}/${file} ${record.secret.metadata.name}`, record]
    }
  }
}

function storedJson(secret: Recorded['secret']): string {
  return gunzipSync(Buffer.from(Buffer.from(secret.data.release, 'base64').toString('latin1'), 'base64')).toString('utf8')
}

/** What Helm 4 makes of a record of Helm 3 when it writes it again: unset times go, the schema's time comes. */
function rewrittenByHelm4(release: Record<string, unknown>): unknown {
  const copy = JSON.parse(JSON.stringify(release)) as {
    info: Record<string, unknown>
    chart: Record<string, unknown>
    hooks?: { last_run: Record<string, unknown> }[]
  }
  if (copy.info['deleted'] === '') delete copy.info['deleted']
  copy.chart['schemamodtime'] ??= '0001-01-01T00:00:00Z'
  for (const hook of copy.hooks ?? []) {
    for (const field of ['started_at', 'completed_at']) if (hook.last_run[field] === '') delete hook.last_run[field]
  }
  return copy
}

describe('recorded release records', { skip }, () => {
  test('each is read, and written again as Helm 4 writes it', () => {
    let exact = 0
    let total = 0
    for (const [name, record] of recordedRecords()) {
      const again = encodeRevision(decodeRecord(record.secret))
      assert.deepEqual(JSON.parse(again), rewrittenByHelm4(record.release), name)
      total++
      if ('schemamodtime' in (record.release['chart'] as object)) {
        assert.equal(again, storedJson(record.secret), name)
        exact++
      }
    }
    assert.ok(total > 100, `only ${total} records`)
    assert.ok(exact > 50, `only ${exact} of Helm 4`)
  })

  test('the storage object has the recorded name, type and labels', () => {
    for (const [name, record] of recordedRecords()) {
      const { labels = {} } = record.secret.metadata
      const label = 'modifiedAt' in labels ? 'modifiedAt' : 'createdAt'
      const again = encodeRecord(decodeRecord(record.secret), { label, seconds: Number(labels[label]) })
      assert.deepEqual({ ...again.metadata.labels }, { ...labels }, name)
      assert.equal(again.metadata.name, record.secret.metadata.name)
      assert.equal(again['type'], record.secret['type'])
      assert.deepEqual(decodeRecord(again), decodeRecord(record.secret), name)
    }
  })
})
