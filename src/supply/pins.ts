import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { type Plain, toPlain } from '../go/plain.ts'
import { compareBytes, type GoValue } from '../go/values.ts'
import { decodeYaml } from '../yaml/decode.ts'
import { encodeYaml } from '../yaml/encode.ts'
import { normalDigest } from './digest.ts'
import type { Pin } from './obtain-chart.ts'

/**
 * One thing that was fetched, and what exactly that was. `source` (see `sourceName`) and `wanted` say what was asked for: with
 * both the same, the lock answers.
 */
export interface PinnedSource {
  readonly source: string
  /** The version or constraint asked for; empty where a source has no versions. */
  readonly wanted: string
  readonly pin: Pin
  /** Charts inside, by path and version: `common 2.0.0`, `redis/common 2.1.0`. */
  readonly subcharts?: readonly string[]
}

const FORMAT_VERSION = 1
const HEADER = '# Written by "flotilla deps"; keep it under version control beside the state file.\n'
const PIN_FIELDS = ['version', 'url', 'digest', 'manifest', 'commit'] as const

/** Where Flotilla's lock lies beside Helmfile's: `helmfile.lock` has `helmfile.flotilla.lock`. */
export function pinsPath(helmfileLock: string): string {
  return `${helmfileLock.replace(/\.lock$/, '')}.flotilla.lock`
}

/** The key that a lock answers to. */
export function pinKey(source: string, wanted: string): string {
  return `${source}\n${wanted}`
}

/** The text of a lock: sorted, the same for the same content. */
export function pinsText(pins: readonly PinnedSource[]): string {
  const sorted = pins.toSorted((a, b) => compareBytes(pinKey(a.source, a.wanted), pinKey(b.source, b.wanted)))
  const sources = sorted.map(({ source, wanted, pin, subcharts = [] }) => {
    const fields: [string, GoValue][] = [['source', source]]
    if (wanted !== '') fields.push(['wanted', wanted])
    for (const name of PIN_FIELDS) if (pin[name] !== undefined) fields.push([name, pin[name]])
    if (subcharts.length > 0) fields.push(['subcharts', [...subcharts]])
    return new Map(fields)
  })
  return (
    HEADER +
    encodeYaml(
      new Map<string, GoValue>([
        ['formatVersion', FORMAT_VERSION],
        ['sources', sources],
      ]),
      'helmfile',
      { keepOrder: true },
    )
  )
}

/** The content of a lock; undefined where there is none. @throws DiagnosticError `supply/bad-lock` */
export function readPins(host: Host, path: string): readonly PinnedSource[] | undefined {
  if (host.fs.stat(path)?.kind !== 'file') return undefined
  let content: Plain
  try {
    content = toPlain(decodeYaml({ name: path, text: host.fs.readText(path) }, 'helmfile'))
  } catch (cause) {
    throw badLock(path, 'cannot be read', cause)
  }
  const { formatVersion, sources } = (content ?? {}) as { readonly [name: string]: Plain }
  if (formatVersion !== FORMAT_VERSION) throw badLock(path, `has format ${String(formatVersion)}, and only ${FORMAT_VERSION} is known`)
  return Array.isArray(sources) ? sources.map((entry) => pinnedSource(entry, path)) : []
}

function badLock(path: string, why: string, cause?: unknown): Error {
  return failure('supply/bad-lock', `${path} ${why}`, { hint: 'remove it and run "flotilla deps"', ...(cause === undefined ? {} : { cause }) })
}

function pinnedSource(entry: Plain, path: string): PinnedSource {
  const fields = (entry ?? {}) as { readonly [name: string]: Plain }
  const { source, wanted = '', subcharts } = fields
  const pin = Object.fromEntries(PIN_FIELDS.flatMap((name) => (typeof fields[name] === 'string' ? [[name, fields[name]]] : []))) as Pin
  const digests = [pin.digest, pin.manifest].filter((digest) => digest !== undefined)
  if (typeof source !== 'string' || typeof wanted !== 'string' || digests.some((digest) => normalDigest(digest) !== digest))
    throw badLock(path, 'is damaged')
  return { source, wanted, pin, ...(Array.isArray(subcharts) ? { subcharts: subcharts.map(String) } : {}) }
}
