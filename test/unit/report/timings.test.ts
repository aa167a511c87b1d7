import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatTimings, timingsDocument } from '../../../src/report/timings.ts'

const timings = {
  totalMs: 2_345.6,
  cpuMs: 1_200.4,
  peakBytes: 150 * 1024 * 1024,
  phases: [
    { name: 'rendering', ms: 345.4 },
    { name: 'carrying out', ms: 2_000.2 },
  ],
  requests: new Map([
    ['GET secrets', 1],
    ['PATCH configmaps', 12],
    ['DELETE leases', 1],
  ]),
  sentBytes: 2_000,
  receivedBytes: 3 * 1024 * 1024,
}

test('what a run took, for people', () => {
  assert.equal(
    formatTimings(timings),
    `
PHASE               TOOK
rendering           0.3s
carrying out        2.0s
total               2.3s, 1.2s of processor time, 150.0 MiB of memory at most
requests            14, 2 KiB sent, 3.0 MiB received
  PATCH configmaps  12
  DELETE leases     1
  GET secrets       1
`,
  )
  assert.match(formatTimings({ ...timings, requests: new Map() }), /\nrequests +none\n$/)
})

test('what a run took, for programs', () => {
  assert.deepEqual(timingsDocument(timings), {
    totalMs: 2346,
    cpuMs: 1200,
    peakBytes: 157286400,
    phases: [
      { name: 'rendering', ms: 345 },
      { name: 'carrying out', ms: 2000 },
    ],
    requests: { 'DELETE leases': 1, 'GET secrets': 1, 'PATCH configmaps': 12 },
    sentBytes: 2000,
    receivedBytes: 3145728,
  })
})
