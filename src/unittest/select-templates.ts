import { posix } from 'node:path'
import type { Chart, ChartFile } from '../chart/chart.ts'
import { compileRegexp, matches, type Regexp } from '../go/regexp.ts'

/** Every template of the chart and its subcharts. */
export const ALL_TEMPLATES = '**'

const PREFIXES = ['templates', 'charts', 'crds', '**']

/** A template as a suite names it, seen from its chart: `service.yaml` lies under templates/. */
export function templatePath(name: string): string {
  return PREFIXES.some((prefix) => name.startsWith(prefix)) ? name : posix.join('templates', name)
}

/** `**` stands for any path, `*` also for nothing; the rest stands for itself, anywhere in a path. */
function patternOf(route: string, name: string): Regexp {
  const parts = posix.join(route, templatePath(name)).split(/(\*\*?)/)
  const sources = parts.map((part) => {
    if (part === '**') return '[0-9a-zA-Z_\\-/.]+'
    return part === '*' ? '[0-9a-zA-Z_\\-/.]*' : part.replace(/[.+[\]?()|{}^$\\]/g, '\\$&')
  })
  return compileRegexp(sources.join(''))
}

function isPartial({ name }: ChartFile): boolean {
  return posix.basename(name).startsWith('_')
}

/**
 * The chart with those templates only that one of `wanted` and none of `unwanted` names, and with all partials.
 *
 * @param route of the chart whose suite it is: `parent/charts/child`
 * Source: helm-unittest 1.1.2 pkg/unittest/deep_copy.go (CopyV3Chart)
 */
export function withTemplates(chart: Chart, route: string, wanted: readonly string[], unwanted: readonly string[]): Chart {
  const [taken, left] = [wanted.map((name) => patternOf(route, name)), unwanted.map((name) => patternOf(route, name))]
  const isTaken = (path: string): boolean => taken.some((regexp) => matches(regexp, path)) && !left.some((regexp) => matches(regexp, path))
  const select = (one: Chart, place: string): Chart => ({
    ...one,
    templates: one.templates.filter((file) => isPartial(file) || isTaken(posix.join(place, file.name))),
    dependencies: one.dependencies.map((dependency) => select(dependency, posix.join(place, 'charts', dependency.metadata.name))),
  })
  return select(chart, chart.metadata.name)
}
