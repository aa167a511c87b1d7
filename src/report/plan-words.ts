import { harmless } from '../base/harmless.ts'
import type { CommonEdit } from '../plan/diff/common-edits.ts'
import type { DiffLine } from '../plan/diff/diff-lines.ts'
import { scalarLine } from '../plan/diff/yaml-lines.ts'
import type { ObjectChange, ReleasePlan } from '../plan/plan.ts'
import type { ObjectView } from './plan-view.ts'
import { chartWords, revisionWords } from './release-words.ts'

const signs = { create: '+', change: '~', replace: '±', delete: '-', adopt: '↳', keep: '·', none: ' ' } as const

const actionWords = {
  create: 'will be created',
  change: 'will change',
  replace: 'will be replaced',
  delete: 'will be deleted',
  adopt: 'will be taken over',
  keep: 'will be left in the cluster',
  none: '',
} as const

/** What a release comes to on one line, without its name: `upgrade, revision 3 → 4, chart web 1.0.0 → 1.1.0 (2 objects change)`. */
export function releaseFacts(release: ReleasePlan): string {
  const chart = chartWords(release)
  const facts = [release.action === 'none' ? 'unchanged' : release.action, revisionWords(release), chart && `chart ${chart}`].filter(Boolean)
  return `${facts.join(', ')}${release.reason ? ` (${release.reason})` : ''}`
}

/** An object's line in parts: `+ ConfigMap shop/web`, `(v1) [hook]`, `will be created`. */
export function objectWords({ change, renamedFrom }: ObjectView): { readonly name: string; readonly kind: string; readonly what: string } {
  const { kind, namespace, name, apiVersion } = change.ref
  const place = namespace ? `${namespace}/` : ''
  const facts = `(${apiVersion})${change.origin === 'manifest' ? '' : ` [${change.origin}]`}`
  if (change.movedFrom !== undefined) return { name: `⇐ ${kind} ${place}${name}`, kind: facts, what: `moves here from release ${change.movedFrom}` }
  if (change.movedTo !== undefined) return { name: `⇒ ${kind} ${place}${name}`, kind: facts, what: `moves to release ${change.movedTo}` }
  if (!renamedFrom) return { name: `${signs[change.action]} ${kind} ${place}${name}`, kind: facts, what: actionWords[change.action] }
  const what = 'will be renamed: a new one is created, the old one deleted'
  return { name: `» ${kind} ${place}${renamedFrom.ref.name} → ${name}`, kind: facts, what }
}

/** What a common edit does: `~ label helm.sh/chart: web-1.0.0 → web-1.0.1`. */
export function commonWords({ title, edit: { before, after } }: CommonEdit): string {
  if (before === undefined) return harmless(`+ ${title}: ${scalarLine(after)}`)
  if (after === undefined) return harmless(`- ${title}: ${scalarLine(before)}`)
  return harmless(`~ ${title}: ${scalarLine(before)} → ${scalarLine(after)}`)
}

/** So many objects are named; more are counted by kind. */
const NAMED_OBJECTS = 3
const NAMED_KINDS = 6

/** Which objects an edit concerns: `on 47 objects: 20 ConfigMap, 15 Service, 12 Deployment (12 of them also in their templates)`. */
export function commonObjects({ objects, inTemplates }: CommonEdit): string {
  const releases = new Set(objects.map(({ release }) => release)).size
  const ofReleases = releases > 1 ? ` of ${releases} releases` : ''
  const templates = inTemplates > 0 ? ` (${inTemplates === objects.length ? 'all' : inTemplates} of them also in their templates)` : ''
  return `on ${objects.length} objects${ofReleases}: ${namesOf(objects.map(({ change }) => change))}${templates}`
}

function namesOf(changes: readonly ObjectChange[]): string {
  if (changes.length <= NAMED_OBJECTS) return changes.map(({ ref }) => `${ref.kind} ${ref.name}`).join(', ')
  const counts = new Map<string, number>()
  for (const { ref } of changes) counts.set(ref.kind, (counts.get(ref.kind) ?? 0) + 1)
  const kinds = [...counts].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${count} ${kind}`)
  // To name one more takes no more room than to count it.
  if (kinds.length <= NAMED_KINDS + 1) return kinds.join(', ')
  return `${kinds.slice(0, NAMED_KINDS).join(', ')} and ${kinds.length - NAMED_KINDS} more kinds`
}

/** Longer lines are cut. */
const MAX_LINE = 400

const lineSigns = { hunk: '', context: ' ', added: '+', removed: '-' } as const

/** A line of a diff with its sign, cut where it is very long. */
export function diffLineText({ kind, text }: DiffLine): string {
  const line = text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}… (${text.length} characters)` : text
  return harmless(`${lineSigns[kind]}${line}`.trimEnd())
}
