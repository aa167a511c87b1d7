import type { PlanEvent } from '../plan/events.ts'
import type { Plan } from '../plan/plan.ts'
import { formatDuration } from './duration.ts'
import { paintFor } from './paint.ts'
import { describeProgress, namesOf, type ProgressReport } from './progress.ts'
import { describeFinish } from './progress-lines.ts'
import { doing, releaseName } from './release-words.ts'

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const REDRAW_MS = 100
/** More running releases than this are counted instead of shown, so that the live part stays on the screen. */
const MAX_LIVE_ROWS = 15

export interface TreeOptions {
  readonly columns: number
  readonly color: boolean
  /** Milliseconds from an arbitrary start. */
  readonly monotonic: () => number
}

interface Running {
  readonly label: string
  readonly startedAt: number
  doing: string
}

/** A live tree on a terminal: finished releases scroll up as lines, running ones are redrawn below with what they wait for. */
export function progressTree(plan: Plan, write: (text: string) => void, options: TreeOptions): ProgressReport {
  const paint = paintFor(options.color)
  const releases = namesOf(plan)
  const running = new Map<string, Running>()
  let waiting = new Set(plan.releases.filter((release) => release.action !== 'none').map((release) => release.id))
  let drawn = 0
  let frame = 0

  const erase = (): string => (drawn === 0 ? '' : `\u001b[${drawn}A\u001b[0J`)
  const fit = (text: string): string => (text.length < options.columns ? text : `${text.slice(0, Math.max(0, options.columns - 2))}…`)

  const liveLines = (): string[] => {
    const now = options.monotonic()
    const rows = [...running.values()].slice(0, MAX_LIVE_ROWS).map((r) => {
      const text = fit(`${FRAMES[frame % FRAMES.length]} ${r.label}  ${formatDuration(now - r.startedAt)}  ${r.doing}`)
      return paint.changed(text.slice(0, 1)) + text.slice(1)
    })
    const hidden = running.size - rows.length
    const rest = [hidden > 0 ? `${hidden} more running` : '', waiting.size > 0 ? `${waiting.size} waiting for their needs` : ''].filter(Boolean)
    return rest.length > 0 ? [...rows, paint.faint(`  ${rest.join(', ')}`)] : rows
  }
  const draw = (above = ''): void => {
    const lines = liveLines()
    write(`${erase()}${above}${lines.map((text) => `${text}\n`).join('')}`)
    drawn = lines.length
  }

  const timer = setInterval(() => {
    frame++
    draw()
  }, REDRAW_MS)
  timer.unref()

  const mark = (result: string): string => (result === 'done' ? paint.added('✓') : result === 'failed' ? paint.removed('✗') : paint.changed('•'))

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
          return draw(event.result.result === 'none' ? '' : `${mark(event.result.result)} ${describeFinish(event.result)}\n`)
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
      waiting = new Set()
      running.clear()
      draw()
    },
  }
}
