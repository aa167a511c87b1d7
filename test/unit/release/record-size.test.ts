import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { encodeRecord } from '../../../src/release/codec.ts'
import type { Revision } from '../../../src/release/record.ts'
import { recordSizeProblem } from '../../../src/release/record-size.ts'

const LIMIT = 1024 * 1024

/** Base64 that does not pack, of so many bytes. */
function noise(bytes: number): string {
  const parts: Buffer[] = []
  for (let index = 0; index * 64 < bytes; index++) parts.push(createHash('sha512').update(String(index)).digest())
  return Buffer.concat(parts).subarray(0, bytes).toString('base64')
}

function revision(fileBytes: number): Revision {
  const info = { firstDeployed: '', lastDeployed: '', deleted: '', description: '', status: 'pending-install' as const }
  const chart = {
    metadata: { name: 'web', version: '1.0.0', apiVersion: 'v2' },
    lock: null,
    templates: [{ name: 'templates/a.yaml', data: 'YQ==' }],
    values: { a: 1 },
    schema: null,
    files: [{ name: 'stray.tgz', data: noise(fileBytes) }],
  }
  return { name: 'web', namespace: 'shop', version: 3, info, chart, config: {}, manifest: 'a'.repeat(3000), hooks: [], labels: {} }
}

describe('recordSizeProblem', () => {
  test('small records, and large ones that pack well, are no problem', () => {
    assert.equal(recordSizeProblem(revision(10), LIMIT), undefined)
    assert.equal(recordSizeProblem({ ...revision(10), manifest: 'a'.repeat(5_000_000) }, LIMIT), undefined)
  })

  test('it is as exact as the record that would be written', () => {
    const sizeOf = (one: Revision): number => {
      const { release } = encodeRecord(one, { label: 'createdAt', seconds: 1 })['data'] as { readonly release: string }
      return Buffer.from(release, 'base64').length
    }
    for (const bytes of [500_000, 560_000, 600_000]) {
      const one = revision(bytes)
      assert.equal(recordSizeProblem(one, sizeOf(one)), undefined, `${bytes} fits`)
      assert.notEqual(recordSizeProblem(one, sizeOf(one) - 1), undefined, `${bytes} does not fit`)
    }
  })

  test('one that is too large says what fills it', () => {
    const problem = recordSizeProblem(revision(1_500_000), LIMIT)
    assert.equal(problem?.code, 'release/record-too-large')
    assert.equal(problem?.subject, 'release shop/web')
    assert.match(problem?.summary ?? '', /^the record of revision 3 takes \d{4} KiB, and the cluster stores at most 1024 KiB$/)
    assert.deepEqual(problem?.notes?.slice(0, 2), [
      { text: 'stray.tgz: 1465 KiB before compression' },
      { text: 'the rendered manifest: 3 KiB before compression' },
    ])
  })

  test('where there is no limit nothing is too large', () => {
    assert.equal(recordSizeProblem(revision(1_500_000), Number.POSITIVE_INFINITY), undefined)
  })
})
