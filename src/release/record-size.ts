import { gzipSync } from 'node:zlib'
import type { Diagnostic } from '../base/diagnostic.ts'
import { encodeRevision } from './encode-revision.ts'
import type { Revision } from './record.ts'

/** How many parts of a record are named that is too large. */
const MOST_NAMED = 5

/**
 * What is wrong with the size of the record of `revision` where at most `maxBytes` can be stored: how large it will be, and what
 * fills it; undefined when it fits. It is packed only when it might not.
 */
export function recordSizeProblem(revision: Revision, maxBytes: number): Diagnostic | undefined {
  const json = encodeRevision(revision)
  // Base64 takes four characters for three bytes; packing never makes more than a little longer.
  if (base64Length(Buffer.byteLength(json) + 1024) <= maxBytes) return undefined
  const size = base64Length(gzipSync(json, { level: 9 }).length)
  if (size <= maxBytes) return undefined
  return {
    code: 'release/record-too-large',
    severity: 'error',
    summary: `the record of revision ${revision.version} takes ${kib(size)}, and the cluster stores at most ${kib(maxBytes)}`,
    subject: `release ${revision.namespace}/${revision.name}`,
    notes: partsOf(revision).map((part) => ({ text: `${part.name}: ${kib(part.size)} before compression` })),
    hint: 'keep files that the chart does not need out of it with .helmignore, or keep records in PostgreSQL (HELM_DRIVER=sql)',
  }
}

function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4
}

function kib(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} KiB`
}

function partsOf({ chart, config, manifest, hooks, info }: Revision): readonly { readonly name: string; readonly size: number }[] {
  const files = [...(chart?.files ?? []), ...(chart?.templates ?? [])].map(({ name, data }) => ({ name, size: Math.floor((data.length * 3) / 4) }))
  const whole = [
    { name: 'the rendered manifest', size: manifest.length },
    { name: 'the rendered hooks', size: hooks.reduce((sum, hook) => sum + hook.manifest.length, 0) },
    { name: 'the notes', size: info.notes?.length ?? 0 },
    { name: 'the values that were given', size: JSON.stringify(config).length },
    { name: "the chart's values", size: JSON.stringify(chart?.values ?? null).length },
    { name: "the chart's schema", size: chart?.schema?.length ?? 0 },
  ]
  return [...files, ...whole].sort((a, b) => b.size - a.size).slice(0, MOST_NAMED)
}
