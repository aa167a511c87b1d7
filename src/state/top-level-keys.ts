import { type DiagnosticError, failure } from '../base/diagnostic.ts'
import type { Source, Span } from '../base/source.ts'

/** A key at the start of a line, or a part separator. */
interface TopKey {
  readonly key: string
  readonly at: Span
}

const KEY = /^([a-zA-Z]+):/
const SEPARATOR = /^--- *$/
const SEPARATOR_KEY = '---'

/** Reads lines, not YAML: templates need not be YAML yet. */
function topKeys(source: Source): readonly TopKey[] {
  const keys: TopKey[] = []
  let start = 0
  for (const line of source.text.split('\n')) {
    const trimmed = line.trimEnd()
    const key = SEPARATOR.test(trimmed) ? SEPARATOR_KEY : KEY.exec(trimmed)?.[1]
    if (key) keys.push({ key, at: { source, start, end: start + key.length } })
    start += line.length + 1
  }
  return keys
}

/**
 * Checks the order of a state file's top-level keys before anything is rendered.
 * @throws DiagnosticError `state/no-keys`, `state/key-order`, `state/environments-with-releases`
 * Source: Helmfile 1.8 pkg/policy/checker.go
 */
export function checkTopLevelKeys(source: Source): void {
  const all = topKeys(source)
  const keys = all.filter(({ key }) => key !== SEPARATOR_KEY)
  if (keys.length === 0) throw noKeys(source)
  checkOrder(keys, source)
  checkTogether(all)
}

function noKeys(source: Source): DiagnosticError {
  return failure('state/no-keys', `no top-level config keys are found in ${source.name}`, {
    at: { source, start: 0, end: 0 },
    hint: 'begin a line with a key such as "releases:", without quotes or blanks before it',
  })
}

const PRIORITY: ReadonlyMap<string, number> = new Map([
  ['bases', 0],
  ['environments', 0],
  ['releases', 1],
])

function checkOrder(keys: readonly TopKey[], source: Source): void {
  const ordered = keys.filter(({ key }) => PRIORITY.has(key))
  for (const [i, { key, at }] of ordered.entries()) {
    const before = ordered[i - 1]
    if (!before || (PRIORITY.get(before.key) ?? 0) <= (PRIORITY.get(key) ?? 0)) continue
    const summary = `top-level config key ${key} must be defined before ${before.key} in ${source.name}`
    throw failure('state/key-order', summary, { at, hint: `move "${key}:" above "${before.key}:"` })
  }
}

function checkTogether(all: readonly TopKey[]): void {
  const seen = new Set<string>()
  const relevant = all.filter(({ key }) => {
    if (key === SEPARATOR_KEY) return true
    if ((key !== 'environments' && key !== 'releases') || seen.has(key)) return false
    seen.add(key)
    return true
  })
  for (const [i, { key, at }] of relevant.entries()) {
    const before = relevant[i - 1]
    if (!before || before.key === SEPARATOR_KEY || key === SEPARATOR_KEY) continue
    const summary = 'environments and releases cannot be defined within the same YAML part. Use --- to extract the environments into a dedicated part'
    throw failure('state/environments-with-releases', summary, {
      at,
      hint: `put a line "---" before "${key}:"`,
      notes: [{ text: `"${before.key}" stands here`, at: before.at }],
    })
  }
}
