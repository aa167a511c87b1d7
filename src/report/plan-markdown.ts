import { dangerOf } from '../plan/destructive.ts'
import type { ObjectChange, Plan, ReleasePlan } from '../plan/plan.ts'
import { countsOf } from './plan-stat.ts'
import { planSummaryWords } from './plan-summary.ts'
import { blockerLines } from './plan-text.ts'
import { type ObjectView, type PlanView, type PlanViewOptions, planView, type ReleaseView } from './plan-view.ts'
import { commonObjects, commonWords, diffLineText, objectWords, releaseFacts } from './plan-words.ts'
import { releaseName } from './release-words.ts'

export interface PlanMarkdownOptions extends PlanViewOptions {
  readonly site: keyof typeof limits
}

/** What a comment may be long, in characters; counted in bytes, which are never fewer. */
const limits = { github: 65_536, gitlab: 1_000_000 } as const
/** Kept free for what a person or a script may put around it. */
const MARGIN = 512

/** A folded part of the comment. */
interface Section {
  readonly title: string
  readonly lines: readonly string[]
  /** Where to see it when there is no room for it here. */
  readonly elsewhere: string
}

/**
 * The plan as markdown for a comment: a table of the releases, then the differences of each, folded. Where the site's limit for a
 * comment would be passed, the largest differences are left out first and said so, then rows of the table.
 */
export function formatPlanMarkdown(plan: Plan, options: PlanMarkdownOptions): string {
  const view = planView(plan, options)
  const sections = sectionsOf(view)
  const room = limits[options.site] - MARGIN
  const head = headOf(plan, room / 2)
  return `${head}\n${fitted(sections, room - bytes(head)).join('\n')}`
}

function headOf(plan: Plan, room: number): string {
  const title = `### Plan for ${code(plan.environment)}\n\n${escaped(planSummaryWords(plan))}\n`
  const touched = plan.releases.filter((release) => release.action !== 'none' || release.blockers.length > 0)
  if (touched.length === 0) return title
  const heading = '\n| release | | create | change | replace | adopt | delete |\n|---|---|--:|--:|--:|--:|--:|\n'
  const rows = touched.map((release) => {
    const [create, change, replace, adopt, remove, , , lost = 0] = countsOf([release])
    const cells = [create, change, replace, adopt, remove].map((count) => (count ? String(count) : ''))
    if (lost > 0) cells[4] = `${cells[4]} ⚠`
    const cannot = release.blockers.length > 0 ? '**cannot be carried out**, ' : ''
    return `| ${code(releaseName(release))} | ${cannot}${escaped(releaseFacts(release))} | ${cells.join(' | ')} |\n`
  })
  let shown = rows.length
  let size = rows.reduce((sum, row) => sum + bytes(row), 0)
  while (size > room && shown > 0) size -= bytes(rows[--shown] as string)
  const left = rows.length - shown
  return `${title}${heading}${rows.slice(0, shown).join('')}${dangerList(touched)}${left > 0 ? `\n… and ${left} more releases, left out for want of room\n` : ''}`
}

/** So many losses are named; more are counted. */
const NAMED_LOSSES = 20

/** What is lost for good, where nobody has to unfold it. */
function dangerList(releases: readonly ReleasePlan[]): string {
  const items = releases.flatMap((release) =>
    release.changes.flatMap((change) => {
      const danger = dangerOf(change)
      return danger === undefined
        ? []
        : [`- ⚠ ${code(displayName(change))} will be ${change.action === 'delete' ? 'deleted' : 'replaced'}: ${escaped(danger)}\n`]
    }),
  )
  const more = items.length > NAMED_LOSSES ? `- ⚠ and ${items.length - NAMED_LOSSES} more\n` : ''
  return items.length === 0 ? '' : `\n${items.slice(0, NAMED_LOSSES).join('')}${more}`
}

function displayName({ ref: { kind, namespace, name } }: ObjectChange): string {
  return `${kind} ${namespace ? `${namespace}/` : ''}${name}`
}

function sectionsOf({ common, releases }: PlanView): readonly Section[] {
  const several = common.length > 0 ? [{ title: '<b>several releases</b>', lines: common.flatMap(commonLines), elsewhere: 'flotilla diff' }] : []
  return [...several, ...releases.map(releaseSection).filter(({ lines }) => lines.length > 0)]
}

function releaseSection({ release, common, objects }: ReleaseView): Section {
  return {
    title: `<b>${escaped(releaseName(release))}</b>: ${escaped(releaseFacts(release))}`,
    lines: [
      ...release.notes.map((note) => `# note: ${note}`),
      ...blockerLines(release).map((line) => `! ${line}`),
      ...common.flatMap(commonLines),
      ...objects.flatMap(objectLines),
    ],
    elsewhere: `flotilla -l namespace=${release.namespace},name=${release.name} diff`,
  }
}

function commonLines(edit: Parameters<typeof commonWords>[0]): readonly string[] {
  const words = commonWords(edit)
  return [words.startsWith('~') ? `! ${words.slice(2)}` : words, `#   ${commonObjects(edit)}`]
}

/** In a diff block the first character of a line gives its colour. */
function objectLines(view: ObjectView): readonly string[] {
  const { name, kind, what } = objectWords(view)
  return [
    `# ${name} ${kind} ${what}`,
    ...(view.danger === undefined ? [] : [`! ${view.danger}`]),
    ...view.change.notes.map((note) => `# note: ${note}`),
    ...view.lines.map(diffLineText),
    '',
  ]
}

/** The sections as markdown in at most `room` bytes: the largest lose what is in them until the rest fits. */
function fitted(sections: readonly Section[], room: number): readonly string[] {
  const whole = sections.map(foldedBlock)
  const short = sections.map(leftOut)
  const shown = [...whole]
  let size = whole.reduce((sum, text) => sum + bytes(text) + 1, 0)
  const largestFirst = sections.map((_, index) => index).sort((a, b) => bytes(whole[b] as string) - bytes(whole[a] as string))
  for (const index of largestFirst) {
    if (size <= room) return shown
    shown[index] = short[index] as string
    size += bytes(short[index] as string) - bytes(whole[index] as string)
  }
  return size <= room ? shown : [`The differences of ${sections.length} parts are left out for want of room; \`flotilla diff\` shows them.\n`]
}

function foldedBlock({ title, lines }: Section): string {
  const text = lines.join('\n').trimEnd()
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)))
  return `<details><summary>${title}</summary>\n\n${fence}diff\n${text}\n${fence}\n\n</details>\n`
}

function leftOut({ title, lines, elsewhere }: Section): string {
  return `<details><summary>${title}</summary>\n\n${lines.length} lines are left out for want of room; ${code(elsewhere)} shows them.\n\n</details>\n`
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll('|', '\\|')}\``
}

/** Text that is to be read as it is, in markdown, in a table and in HTML. */
function escaped(text: string): string {
  return text
    .replace(/[\\`*_{}[\]#|@~]/g, '\\$&')
    .replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll('\n', ' ')
}

function bytes(text: string): number {
  return Buffer.byteLength(text)
}
