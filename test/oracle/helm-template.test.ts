import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { templateChart } from '../../src/actions/template-chart.ts'
import { missingParts } from '../support/helm-error.ts'

/** Helm 4.3.1: `FLOTILLA_HELM`, or the one in PATH. */
const helm = process.env['FLOTILLA_HELM'] ?? 'helm'
const found = spawnSync(helm, ['version', '--template', '{{ .Version }}'], { encoding: 'utf8' })
const skip = found.status === 0 && found.stdout.startsWith('v4.3') ? false : 'no Helm 4.3 (set FLOTILLA_HELM)'

const SEEDS = Number(process.env['FLOTILLA_ORACLE_SEEDS'] ?? 40)

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

function writeChart(choices: Choices, folder: string, name: string, depth: number): void {
  const subcharts = ['s', 't'].filter(() => depth > 0 && choices.chance(0.6))
  for (const subchart of subcharts) writeChart(choices, join(folder, 'charts', subchart), subchart, depth - 1)
  const dependencies = subcharts.filter(() => choices.chance(0.8)).map((subchart) => dependency(choices, subchart))
  const files: Readonly<Record<string, string>> = {
    'Chart.yaml': JSON.stringify({ apiVersion: 'v2', name, version: '1.0.0', ...(dependencies.length > 0 ? { dependencies } : {}) }),
    'values.yaml': JSON.stringify(tree(choices, 2)),
    'templates/values.yaml': TEMPLATE,
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

describe('helm template on generated charts', { skip }, () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    it(`seed ${seed}`, async () => {
      const root = mkdtempSync(join(tmpdir(), 'flotilla-oracle-'))
      try {
        const choices = new Choices(seed)
        const chart = join(root, 'c')
        writeChart(choices, chart, 'c', 2)
        const values = join(root, 'values.yaml')
        writeFileSync(values, JSON.stringify(tree(choices, 3)))
        const env = { HOME: root, PATH: process.env['PATH'] ?? '' }
        const want = spawnSync(helm, ['template', 'r', chart, '-f', values], { encoding: 'utf8', env })
        const got = templateChart({ chart, name: 'r', valuesFiles: [values] })
        if (want.status === 0) assert.equal(await got, want.stdout)
        else await assert.rejects(got, (error: Error) => missingParts(want.stderr, error.message).length === 0)
      } finally {
        rmSync(root, { recursive: true })
      }
    })
  }
})
