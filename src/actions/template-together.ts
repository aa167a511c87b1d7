import { availableParallelism } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import type { Host } from '../base/host.ts'
import type { Chart } from '../chart/chart.ts'
import type { GoMap } from '../go/values.ts'
import type { Release } from '../state/state.ts'
import { type RenderThread, startRenderThread } from './render-thread.ts'
import type { Templated, TemplateJob } from './template-job.ts'

/** A release ready to be rendered. */
export interface ReadyRelease {
  readonly chart: Chart
  readonly values: GoMap
  readonly job: TemplateJob
  /** Something else than chart, values and job has a part in it. */
  readonly staysHere: boolean
}

/** How releases are made ready and rendered in this thread; both may throw. */
export interface TemplateWork<R extends ReadyRelease> {
  readonly prepare: (release: Release) => Promise<R>
  readonly render: (release: Release, ready: R) => Promise<Templated>
}

/** Fewer releases are done before another thread has started and warmed up. */
const MIN_RELEASES = 800

/** What reading charts and values, which only this thread does, weighs beside rendering all releases. */
const READING_SHARE = 0.25

/** Releases of one chart that go to one thread together: it has to be compiled in each thread that gets any. */
const TOGETHER = 8

/** Whether a second thread pays for `releases`. */
export function isWorthAThread(releases: readonly Release[]): boolean {
  return releases.length >= MIN_RELEASES && availableParallelism() > 1
}

/** The releases that another thread is to render: whole groups of a chart, as much work as is left for this one. */
export function shareOut(releases: readonly Release[]): ReadonlySet<Release> {
  const byChart = new Map<string, Release[]>()
  for (const release of releases) {
    const name = release.chartPath ?? release.chart
    byChart.set(name, [...(byChart.get(name) ?? []), release])
  }
  const groups = [...byChart.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / TOGETHER) }, (_, i) => group.slice(i * TOGETHER, (i + 1) * TOGETHER)),
  )
  const elsewhere = new Set<Release>()
  let here = releases.length * READING_SHARE
  for (const group of groups) {
    if (elsewhere.size > here) here += group.length
    else for (const release of group) elsewhere.add(release)
  }
  return elsewhere
}

/** How something ended, to be told later. */
type Outcome<T> = { readonly value: T } | { readonly error: unknown }

function outcomeOf<T>(work: Promise<T>): Promise<Outcome<T>> {
  return work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
}

interface Place<R> {
  readonly release: Release
  readonly ready: Outcome<R>
  /** What another thread makes of it, and whether it has answered. */
  readonly elsewhere: { readonly answer: Promise<Templated | undefined>; isAnswered: boolean } | undefined
  here?: Promise<Outcome<Templated>>
}

/** Makes releases ready in their order, up to the first that fails, and hands the other thread its share at once. */
async function prepareAll<R extends ReadyRelease>(releases: readonly Release[], work: TemplateWork<R>, thread: RenderThread): Promise<Place<R>[]> {
  const share = shareOut(releases)
  const places: Place<R>[] = []
  for (const release of releases) {
    const ready = await outcomeOf(work.prepare(release))
    const leaves = 'value' in ready && !ready.value.staysHere && share.has(release)
    places.push({ release, ready, elsewhere: leaves ? handOver(thread, ready.value) : undefined })
    if ('error' in ready) break
  }
  return places
}

function handOver(thread: RenderThread, { chart, values, job }: ReadyRelease): NonNullable<Place<never>['elsewhere']> {
  const elsewhere = { answer: thread.render(chart, values, job), isAnswered: false }
  void elsewhere.answer.then(() => {
    elsewhere.isAnswered = true
  })
  return elsewhere
}

function renderHere<R extends ReadyRelease>(place: Place<R>, work: TemplateWork<R>): Promise<Outcome<Templated>> {
  const { release, ready } = place
  place.here ??= 'error' in ready ? Promise.resolve(ready) : outcomeOf(work.render(release, ready.value))
  return place.here
}

/** What the other thread makes of it, or else this one. */
async function outcomeAt<R extends ReadyRelease>(place: Place<R>, work: TemplateWork<R>): Promise<Templated> {
  const answer = await place.elsewhere?.answer
  const outcome = answer ? { value: answer } : await renderHere(place, work)
  if ('error' in outcome) throw outcome.error
  return outcome.value
}

/** A release at its turn; the function gives what it renders to, or throws. */
export type Turn<R> = readonly [Release, R, () => Promise<Templated>]

/**
 * The releases in their order, rendered by two threads, with the results and the first error that one thread would give. While the
 * other thread is behind, this one goes on with what is its own.
 *
 * @throws what `prepare` throws, at the release's turn
 */
export async function* templateTogether<R extends ReadyRelease>(
  host: Host,
  releases: readonly Release[],
  work: TemplateWork<R>,
): AsyncGenerator<Turn<R>> {
  const thread = startRenderThread(host)
  try {
    const places = await prepareAll(releases, work, thread)
    const own = places.filter(({ elsewhere }) => !elsewhere)[Symbol.iterator]()
    for (const place of places) {
      const { release, ready } = place
      if ('error' in ready) throw ready.error
      while (place.elsewhere && !place.elsewhere.isAnswered) {
        const next = own.next()
        if (next.done) break
        await renderHere(next.value, work)
        await setImmediate()
      }
      yield [release, ready.value, () => outcomeAt(place, work)]
    }
  } finally {
    await thread.close()
  }
}
