import { placeOf } from '../base/source.ts'
import { toPlain } from '../go/plain.ts'
import { formatPath } from '../plan/diff/field-path.ts'
import { diffText, type ObjectDiffOptions, objectDiffer } from '../plan/object-diff.ts'
import type { Plan } from '../plan/plan.ts'
import type { Both, Comparison, Deployed, ReleaseComparison } from '../promote/comparison.ts'
import { nameFolder } from '../promote/fold-names.ts'
import { pathText } from '../promote/path-pattern.ts'
import type { SetValue, ValueDifference } from '../promote/value-differences.ts'
import { type Paint, paintFor } from './paint.ts'
import { paintedLine } from './plan-text.ts'
import { type ObjectView, planView } from './plan-view.ts'
import { commonObjects, commonWords, objectWords } from './plan-words.ts'
import { formatTable } from './table.ts'

export interface ComparisonOptions {
  readonly color: boolean
  /** How objects are compared and what is masked. */
  readonly diff: ObjectDiffOptions
}

const MASKED = '(secret)'

/** The names of the two environments, by which their lines begin. */
type Names = Pick<Comparison, 'source' | 'target'>

/** In what two environments differ, for people: values, charts, locks, objects, what is deployed. */
export function formatComparison(comparison: Comparison, options: ComparisonOptions): string {
  const paint = paintFor(options.color)
  const { values, locks, releases, folded } = comparison
  const view = planView(asPlan(comparison), { diff: options.diff })
  const common = view.common.flatMap((edit) => [`  ${paint.changed(commonWords(edit))}`, `    ${paint.faint(commonObjects(edit))}`])
  const sections = [
    deployedLines(comparison),
    titled(
      paint,
      'environment values:',
      values.flatMap((value) => valueLines(value, comparison)),
    ),
    titled(
      paint,
      'locks:',
      locks.flatMap((lock) => sideLines(lock.name, lock, comparison)),
    ),
    titled(paint, 'several releases:', common),
    ...releases.map((release) => {
      const seen = view.releases.find((one) => one.release.id === idOf(release))
      const own = (seen?.common ?? []).flatMap((edit) => [`  ${paint.changed(commonWords(edit))}`, `    ${paint.faint(commonObjects(edit))}`])
      const objects = (seen?.objects ?? []).flatMap((object) => objectLines(object, comparison, paint))
      return titled(paint, `${idOf(release)}:`, [...releaseLines(release, comparison), ...own, ...objects])
    }),
    folded > 0
      ? [`${folded} more ${folded === 1 ? 'value or field differs' : 'values and fields differ'} in nothing but the environments' names`]
      : [],
  ].filter((lines) => lines.length > 0)
  return sections.length === 0
    ? `${comparison.source} and ${comparison.target} are the same\n`
    : `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function idOf({ namespace, name }: ReleaseComparison): string {
  const space = namespace.source ?? namespace.target ?? ''
  return space === '' ? name : `${space}/${name}`
}

function titled(paint: Paint, title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [paint.strong(title), ...lines]
}

/** Differences of objects are found as those of a plan are. */
function asPlan({ releases, target }: Comparison): Plan {
  return {
    formatVersion: 1,
    environment: target,
    releases: releases.map((release) => ({
      id: idOf(release),
      name: release.name,
      namespace: release.namespace.target ?? release.namespace.source ?? '',
      kubeContext: undefined,
      needs: [],
      after: [],
      action: 'upgrade',
      reason: '',
      changes: release.objects,
      notes: [],
      blockers: [],
      suppressDiff: false,
    })),
  }
}

function deployedLines({ releases, source, target }: Comparison): readonly string[] {
  if (!releases.some(({ deployed }) => deployed)) return []
  const cells = (release: ReleaseComparison, side: 'source' | 'target'): readonly string[] => {
    const line = release.deployed?.[side]
    if (line?.revision === undefined) return ['-', '-']
    return [`${line.chart ?? ''} (${line.status}, revision ${line.revision})`, line.updated?.replace(/\.\d+/, '') ?? '-']
  }
  const rows = releases.map((release) => [idOf(release), ...cells(release, 'source'), ...cells(release, 'target')])
  return [formatTable(['RELEASE', source.toUpperCase(), 'SINCE', target.toUpperCase(), 'SINCE'], rows).trimEnd()]
}

function releaseLines({ chart, kubeContext, values, namespace }: ReleaseComparison, names: Names): readonly string[] {
  if (chart.source === undefined || chart.target === undefined) return [`  only in ${chart.source ? names.source : names.target}`]
  const words = ({ name, version }: { readonly name: string; readonly version: string }): string => `${name} ${version}`
  const charts = { source: words(chart.source), target: words(chart.target) }
  return [
    ...(charts.source === charts.target ? [] : sideLines('chart', charts, names)),
    ...(kubeContext.source === kubeContext.target ? [] : sideLines('cluster', kubeContext, names)),
    ...(isNamedAlike(namespace, names) ? [] : sideLines('namespace', namespace, names)),
    ...values.flatMap((value) => valueLines(value, names)),
  ]
}

function isNamedAlike({ source = '', target = '' }: Both<string>, names: Names): boolean {
  return nameFolder(names.source, names.target).isSame(source, target)
}

/** `  images.web`, then what each environment has on lines of their own. */
function sideLines(title: string, sides: Both<string>, names: Names): readonly string[] {
  const width = Math.max(names.source.length, names.target.length)
  return [`  ${title}`, `    ${names.source.padEnd(width)}  ${sides.source ?? '-'}`, `    ${names.target.padEnd(width)}  ${sides.target ?? '-'}`]
}

function valueLines({ path, source, target }: ValueDifference, names: Names): readonly string[] {
  return sideLines(pathText(path), { ...(source && { source: valueWords(source) }), ...(target && { target: valueWords(target) }) }, names)
}

function valueWords(value: SetValue): string {
  const place = value.at ? placeOf(value.at) : value.layer?.name
  return `${JSON.stringify(shown(value))}${place === undefined ? '' : `  (${place})`}`
}

function shown({ value, layer }: SetValue): unknown {
  return layer?.secret ? MASKED : toPlain(value)
}

function objectLines(view: ObjectView, { source, target }: Names, paint: Paint): readonly string[] {
  const { change } = view
  const { name, kind } = objectWords(view)
  const what = change.action === 'create' ? `only in ${target}` : change.action === 'delete' ? `only in ${source}` : 'differs'
  const lines = change.action === 'change' ? view.lines : []
  return [`  ${name} ${paint.faint(kind)} ${what}`, ...lines.map((line) => `    ${paintedLine(line, paint)}`.trimEnd())]
}

/** A comparison for programs: every key always there. */
export function comparisonDocument(comparison: Comparison, diff: ObjectDiffOptions): unknown {
  const { source, target, values, releases, locks, folded } = comparison
  const differ = objectDiffer(diff)
  return {
    formatVersion: 1,
    source,
    target,
    folded,
    values: values.map(valueDocument),
    locks: locks.map((lock) => ({ name: lock.name, ...sides(lock) })),
    releases: releases.map((release) => ({
      id: idOf(release),
      name: release.name,
      namespace: sides(release.namespace),
      kubeContext: sides(release.kubeContext),
      chart: sides(release.chart),
      values: release.values.map(valueDocument),
      objects: release.objects.map((change) => {
        const { edits, lines } = differ(change)
        const { apiVersion, kind, namespace = null, name } = change.ref
        const fields = edits.map(({ path, before, after }) => ({ path: formatPath(path), source: before ?? null, target: after ?? null }))
        const onlyIn = change.action === 'create' ? 'target' : change.action === 'delete' ? 'source' : null
        return { apiVersion, kind, namespace, name, origin: change.origin, onlyIn, edits: fields, diff: diffText(lines()) }
      }),
      deployed: release.deployed ? { source: deployedDocument(release.deployed.source), target: deployedDocument(release.deployed.target) } : null,
    })),
  }
}

function deployedDocument(line: Deployed | undefined): unknown {
  if (!line) return null
  const { status, revision = null, chart = null, updated = null } = line
  return { status, revision, chart, updated }
}

function sides<T>({ source, target }: Both<T>): { readonly source: T | null; readonly target: T | null } {
  return { source: source ?? null, target: target ?? null }
}

function valueDocument({ path, source, target }: ValueDifference): unknown {
  const side = (value: SetValue | undefined): unknown =>
    value ? { value: shown(value), layer: value.layer?.name ?? null, at: value.at ? placeOf(value.at) : null } : null
  return { path: pathText(path), source: side(source), target: side(target) }
}
