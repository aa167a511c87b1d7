import { failure } from '../base/diagnostic.ts'
import type { Source } from '../base/source.ts'
import type { SopsBranch, SopsEntry, SopsValue } from './sops-tree.ts'

const METADATA_PREFIX = 'sops_'

/**
 * A dotenv file as sops reads it: `KEY=value` lines, `\n` for a line break inside a value. Comments are left out.
 *
 * @throws DiagnosticError `secrets/bad-file` for a line without `=`
 * Source: sops 3.13 stores/dotenv/store.go
 */
export function dotenvBranch(source: Source): SopsBranch {
  const entries: SopsEntry[] = []
  let start = 0
  for (const line of source.text.split('\n')) {
    const at = { source, start, end: start + line.length }
    start += line.length + 1
    if (line === '' || line.startsWith('#')) continue
    const split = line.indexOf('=')
    if (split < 0) throw failure('secrets/bad-file', 'a line of the dotenv file has no "="', { at: { source, start: at.start, end: at.start + 1 } })
    entries.push({ key: line.slice(0, split), value: line.slice(split + 1).replaceAll('\\n', '\n'), at })
  }
  return { type: 'branch', entries }
}

/** Divides a flat file into its data and the metadata that stands among it as `sops_…`, unfolded. */
export function splitFlatMetadata(branch: SopsBranch): { readonly data: SopsBranch; readonly metadata: SopsBranch | undefined } {
  const data: SopsEntry[] = []
  const flat: SopsEntry[] = []
  for (const entry of branch.entries) (entry.key.startsWith(METADATA_PREFIX) ? flat : data).push(entry)
  const metadata = flat.length === 0 ? undefined : unfold(flat.map(({ key, value }) => ({ path: pathOf(key.slice(METADATA_PREFIX.length)), value })))
  return { data: { type: 'branch', entries: data }, metadata }
}

interface FlatEntry {
  readonly path: readonly string[]
  readonly value: SopsValue
}

/** `age__list_0__map_enc` as `['age', '0', 'enc']`. */
function pathOf(key: string): string[] {
  return key.split(/__map_|__list_/)
}

/** Metadata lists are known by their names; everything else that has parts is a map. */
function unfold(entries: readonly FlatEntry[]): SopsBranch {
  const groups = new Map<string, FlatEntry[]>()
  for (const { path, value } of entries) {
    const [key, ...rest] = path as [string, ...string[]]
    groups.set(key, [...(groups.get(key) ?? []), { path: rest, value }])
  }
  return { type: 'branch', entries: [...groups].map(([key, members]) => ({ key, value: unfoldValue(members) })) }
}

function unfoldValue(members: readonly FlatEntry[]): SopsValue {
  const leaf = members.find(({ path }) => path.length === 0)
  if (leaf) return leaf.value
  const branch = unfold(members)
  if (!branch.entries.every(({ key }) => /^[0-9]+$/.test(key))) return branch
  return { type: 'list', items: branch.entries.toSorted((a, b) => Number(a.key) - Number(b.key)).map(({ value }) => value) }
}
