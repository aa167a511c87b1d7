import type { ChartCase } from './random-charts.ts'

/** A source of choices that a seed settles. */
class Choices {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state * 1664525 + 1013904223) % 2 ** 32
    return this.#state / 2 ** 32
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)] as T
  }
}

const KEYS = ['a', 'b', 'use', 'global', 'm', 's', 't', 'exports', 'tags']
const TREES = new Set(['global', 'tags', 'exports', 's', 't'])

/** A tree of values, at most `depth` maps deep. */
function tree(choices: Choices, depth: number): Record<string, unknown> {
  const entries = KEYS.filter(() => depth >= 0 && choices.chance(0.35)).map((key) => {
    const isTree = choices.chance(TREES.has(key) ? 0.9 : 0.3)
    return [key, isTree ? tree(choices, depth - 1) : choices.pick([null, true, false, 1, 2.5, 'x', '', [1, null]])] as const
  })
  return Object.fromEntries(entries)
}

function dependency(choices: Choices, name: string): Record<string, unknown> {
  return {
    name,
    version: choices.pick(['1.x.x', '~1.0.0', '*', '2.x', 'bad', '1.0.0']),
    ...(choices.chance(0.4) ? { condition: choices.pick([`${name}.use`, 'm.use,use', `${name}.use,tags.a`, 'nope']) } : {}),
    ...(choices.chance(0.3) ? { tags: choices.pick([['a'], ['a', 'b']]) } : {}),
    ...(choices.chance(0.25) ? { alias: choices.pick(['other', `${name}x`]) } : {}),
    ...(choices.chance(0.4) ? { 'import-values': choices.pick([['a'], [{ child: 'm', parent: 'b' }], ['m', { child: 'a', parent: 'm.z' }]]) } : {}),
  }
}

const TEMPLATE = 'values: {{ toJson .Values }}\ndependencies: {{ toJson .Chart.Dependencies }}\nname: {{ .Template.Name }}\n'

/** The files of a chart in `folder` with subcharts, at most `depth` deep. */
function chartFiles(choices: Choices, folder: string, name: string, depth: number): Record<string, string> {
  const subcharts = ['s', 't'].filter(() => depth > 0 && choices.chance(0.6))
  const below = subcharts.map((subchart) => chartFiles(choices, `${folder}/charts/${subchart}`, subchart, depth - 1))
  const dependencies = subcharts.filter(() => choices.chance(0.8)).map((subchart) => dependency(choices, subchart))
  return Object.assign(
    {
      [`${folder}/Chart.yaml`]: JSON.stringify({ apiVersion: 'v2', name, version: '1.0.0', ...(dependencies.length > 0 ? { dependencies } : {}) }),
      [`${folder}/values.yaml`]: JSON.stringify(tree(choices, 2)),
      [`${folder}/templates/values.yaml`]: TEMPLATE,
    },
    ...below,
  ) as Record<string, string>
}

/** A chart with subcharts, and values for it, that a seed settles. */
export function seededChart(seed: number): ChartCase {
  const choices = new Choices(seed)
  const files = chartFiles(choices, 'chart', 'c', 2)
  return { files: { ...files, 'values.yaml': JSON.stringify(tree(choices, 3)) }, args: ['-f', 'values.yaml'] }
}
