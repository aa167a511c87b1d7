import type { PlanEvent, ReleaseResult } from '../plan/events.ts'
import type { Plan } from '../plan/plan.ts'
import { formatDuration } from './duration.ts'
import { liveRegion } from './live-region.ts'
import { type Paint, paintFor } from './paint.ts'
import { describeProgress, namesOf, type ProgressReport } from './progress.ts'
import { describeFinish } from './progress-lines.ts'
import { doing, releaseName } from './release-words.ts'

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const REDRAW_MS = 100
/** More running releases than this are counted instead of shown. */
const MAX_ROWS = 15

export interface TreeOptions {
  /** Size of the terminal now, in characters. */
  readonly columns: () => number
  readonly rows: () => number
  readonly color: boolean
  /** Milliseconds from an arbitrary start. */
  readonly monotonic: () => number
  /** Hides secrets, before a line is cut to the terminal's width. */
  readonly conceal: (text: string) => string
}

interface Running {
  readonly label: string
  readonly startedAt: number
  doing: string
}

/** A live tree on a terminal: finished releases scroll up as lines, running ones are redrawn below with what they wait for. */
export function progressTree(plan: Plan, write: (text: string) => void, options: TreeOptions): ProgressReport {
  const paint = paintFor(options.color)
  const region = liveRegion(write)
  const releases = namesOf(plan)
  const running = new Map<string, Running>()
  const waiting = new Set(plan.releases.filter((release) => release.action !== 'none').map((release) => release.id))
  let frame = 0
  const draw = (above = ''): void => region.draw(rowsOf(running, waiting.size, { ...options, paint, frame }), above)
  const timer = setInterval(() => {
    frame++
    draw()
  }, REDRAW_MS)
  timer.unref()
  return {
    event(event: PlanEvent) {
      const release = releases.get(event.release)
      if (!release) return
      const name = releaseName(release)
      switch (event.type) {
        case 'release-started':
          waiting.delete(event.release)
          running.set(event.release, { label: name, startedAt: options.monotonic(), doing: doing[event.action] })
          return draw()
        case 'release-finished':
          waiting.delete(event.release)
          running.delete(event.release)
          return draw(event.result.result === 'none' ? '' : `${markOf(event.result, paint)} ${describeFinish(event.result)}\n`)
        case 'note':
          return draw(`${paint.faint(name)} ${event.severity === 'warning' ? paint.changed('warning: ') : ''}${event.text}\n`)
        case 'log':
          return draw(event.text.replace(/^(?=.)/gm, `${paint.faint(`${name} ${event.pod}`)} `).replace(/\n?$/, '\n'))
        default: {
          const text = describeProgress(event)
          const entry = running.get(event.release)
          if (text && entry) entry.doing = text
        }
      }
    },
    close() {
      clearInterval(timer)
      region.draw([])
    },
  }
}

function markOf({ result }: ReleaseResult, paint: Paint): string {
  if (result === 'done') return paint.added('✓')
  return result === 'failed' ? paint.removed('✗') : paint.changed('•')
}

interface Drawing extends TreeOptions {
  readonly paint: Paint
  readonly frame: number
}

/** One row per running release, names in a column of their own, and one for those that wait. */
function rowsOf(running: ReadonlyMap<string, Running>, waiting: number, drawing: Drawing): readonly string[] {
  const columns = drawing.columns()
  const shown = [...running.values()].slice(0, Math.max(1, Math.min(MAX_ROWS, drawing.rows() - 3)))
  const width = Math.min(Math.max(0, ...shown.map(({ label }) => label.length)), Math.floor(columns / 2))
  const now = drawing.monotonic()
  const spinner = FRAMES[drawing.frame % FRAMES.length] as string
  const rows = shown.map((entry) => {
    const elapsed = formatDuration(now - entry.startedAt).padStart(6)
    const text = `${fit(entry.label, width).padEnd(width)} ${elapsed}  ${drawing.conceal(entry.doing)}`
    return `${drawing.paint.changed(spinner)} ${fit(text, columns - 3)}`
  })
  const hidden = running.size - shown.length
  const rest = [hidden > 0 ? `${hidden} more running` : '', waiting > 0 ? `${waiting} waiting for others` : ''].filter(Boolean).join(', ')
  return rest === '' ? rows : [...rows, drawing.paint.faint(fit(`  ${rest}`, columns - 1))]
}

/** `text` on one line of at most `width` characters. */
function fit(text: string, width: number): string {
  const line = text.replace(/\s+/g, (blank) => (blank.includes('\n') ? ' ' : blank))
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`
}
