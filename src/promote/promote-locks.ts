import type { Host } from '../base/host.ts'
import type { ChartSources } from '../state/state.ts'
import { type LockedVersion, readHelmfileLock } from '../supply/helmfile-lock.ts'
import { type PinnedSource, pinKey, pinsText, readPins } from '../supply/pins.ts'
import type { FileEdits } from './file-edits.ts'
import type { ReleasePair } from './pair-releases.ts'
import type { LeftValue } from './promotion.ts'
import { setYamlValue } from './set-yaml-value.ts'

/** Brings the source's locked charts into the lock files of the target, where it has its own. A lock that is not there is left to `deps`. */
export function promoteLocks(host: Host, edits: FileEdits, pairs: readonly ReleasePair[], environment: string): readonly LeftValue[] {
  const left: LeftValue[] = []
  const seen = new Set<string>()
  for (const { source, target } of pairs) {
    const [from, to] = [source?.sources, target?.sources]
    if (!from || !to || from.lockFile === to.lockFile || seen.has(to.lockFile)) continue
    seen.add(to.lockFile)
    const missing = [...promotePins(host, edits, from, to), ...promoteHelmfileLock(host, edits, from, to)]
    for (const name of missing) {
      const todo = `run "flotilla -e ${environment} deps"`
      left.push({ owner: { kind: 'environment' }, what: 'lock', path: [name], reason: `${name} does not name what the source has locked`, todo })
    }
  }
  return left
}

/** Gives the names of locks that a person must make. */
function promotePins(host: Host, edits: FileEdits, from: ChartSources, to: ChartSources): readonly string[] {
  const [fromPath = '', toPath = ''] = [from.pinsFiles.at(-1), to.pinsFiles.at(-1)]
  const wanted = readPins(host, fromPath)
  if (!wanted || wanted.length === 0) return []
  const known = readPins(host, toPath)
  if (!known) return [toPath]
  const byKey = new Map(known.map((pin) => [keyOf(pin), pin]))
  const changed = wanted.filter((pin) => JSON.stringify(byKey.get(keyOf(pin))) !== JSON.stringify(pin))
  for (const pin of changed) byKey.set(keyOf(pin), pin)
  if (changed.length > 0) edits.set(toPath, pinsText([...byKey.values()]))
  return []
}

function keyOf({ source, wanted }: PinnedSource): string {
  return pinKey(source, wanted)
}

function promoteHelmfileLock(host: Host, edits: FileEdits, from: ChartSources, to: ChartSources): readonly string[] {
  const wanted = readHelmfileLock(host, from.lockFile)
  if (!wanted) return []
  const known = readHelmfileLock(host, to.lockFile)
  if (!known) return [to.lockFile]
  const open = wanted.filter((entry) => !known.some((other) => isSame(entry, other) && other.version === entry.version))
  const written = open.map((entry) => writeVersion(edits, to.lockFile, known, entry))
  return written.includes(false) ? [to.lockFile] : []
}

function isSame(a: LockedVersion, b: LockedVersion): boolean {
  return a.name === b.name && a.repository === b.repository
}

/** False for a chart that the lock has never or more than once: which entry is meant is not to be guessed. */
function writeVersion(edits: FileEdits, path: string, known: readonly LockedVersion[], entry: LockedVersion): boolean {
  const places = known.flatMap((other, i) => (isSame(entry, other) ? [i] : []))
  const text = edits.textOf(path)
  if (places.length !== 1 || text === undefined) return false
  const edit = setYamlValue({ name: path, text }, ['dependencies', String(places[0]), 'version'], entry.version)
  if (edit.refused !== undefined) return false
  edits.set(path, edit.text)
  return true
}
