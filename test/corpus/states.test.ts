import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { DiagnosticError, formatDiagnostic } from '../../src/base/diagnostic.ts'
import { nodeHost } from '../../src/base/host-node.ts'
import { buildOutput } from '../../src/state/build-output.ts'
import { dagAsTable, dagRows } from '../../src/state/dag-output.ts'
import { listAsJson, listReleases } from '../../src/state/list-output.ts'
import { visitState } from '../../src/state/load-state.ts'
import type { StateRequest } from '../../src/state/request.ts'
import { skipWithout, unpackedCorpus } from '../support/corpus.ts'

const ARCHIVE = 'states.tar.xz'

interface Run {
  readonly name: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly stdin?: string
  readonly exit: number
  readonly stdout: string | null
  readonly files?: Readonly<Record<string, string>>
  readonly stderrContains?: readonly string[]
}

interface Case {
  readonly slug: string
  readonly folder: string
  readonly covers: readonly string[]
  readonly runs: readonly Run[]
}

/** What is not done yet, by what a case covers. */
const NOT_YET: Readonly<Record<string, string>> = {
  hcl: 'HCL values are not read',
  chartify: 'charts made of manifests, patches and kustomizations are refused',
  kustomize: 'kustomize is refused',
  dependencies: 'ad-hoc dependencies are refused',
}

/** A run's options as the command line takes them. */
interface Parsed {
  readonly command: string
  readonly request: StateRequest
}

const WITH_VALUE: ReadonlySet<string> = new Set([
  ...['-f', '--file', '-e', '--environment', '-l', '--selector', '-n', '--namespace', '-c', '--chart', '--kube-context', '--output', '--log-level'],
  ...['--state-values-set', '--state-values-set-string', '--state-values-file', '--set', '--values', '--args', '--template-args', '--kube-version'],
  ...['--output-file-template', '--concurrency'],
])

function parseArgs(args: readonly string[], run: Run): Parsed {
  const values = new Map<string, string[]>()
  let command = ''
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string
    if (!arg.startsWith('-')) command ||= arg
    else {
      const equals = arg.startsWith('--') ? arg.indexOf('=') : -1
      const name = equals < 0 ? arg : arg.slice(0, equals)
      const value = equals >= 0 ? arg.slice(equals + 1) : WITH_VALUE.has(name) ? (args[++i] as string) : 'true'
      values.set(name, [...(values.get(name) ?? []), value])
    }
  }
  const all = (...names: string[]): readonly string[] => names.flatMap((name) => values.get(name) ?? [])
  const last = (...names: string[]): string | undefined => all(...names).at(-1)
  const flag = (name: string): boolean => last(name) === 'true'
  const given: Readonly<Record<string, unknown>> = {
    file: last('-f', '--file'),
    stdin: () => run.stdin ?? '',
    environment: last('-e', '--environment'),
    selectors: all('-l', '--selector'),
    namespace: last('-n', '--namespace'),
    chart: last('-c', '--chart'),
    kubeContext: last('--kube-context'),
    stateValuesSet: all('--state-values-set'),
    stateValuesSetString: all('--state-values-set-string'),
    stateValuesFiles: all('--state-values-file'),
    values: all('--values'),
    set: all('--set'),
    args: last('--args'),
    templateArgs: last('--template-args'),
    selection: command === 'template' ? 'planned' : 'matching',
    skipNeeds: values.has('--skip-needs') ? flag('--skip-needs') : undefined,
    includeNeeds: flag('--include-needs'),
    includeTransitiveNeeds: flag('--include-transitive-needs'),
    enforceNeedsAreInstalled: flag('--enforce-needs-are-installed'),
    allowNoMatchingRelease: flag('--allow-no-matching-release'),
  }
  return { command, request: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) }
}

interface Outcome {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

async function execute(folder: string, run: Run): Promise<Outcome> {
  const { command, request } = parseArgs(
    run.args.map((arg) => arg.replaceAll('@CASE@', folder)),
    run,
  )
  const env = { PATH: process.env['PATH'], HOME: join(folder, 'home'), TZ: 'UTC', ...substituted(run.env, folder) }
  const host = nodeHost({ cwd: join(folder, run.cwd), env })
  let stdout = ''
  try {
    const state = await visitState(host, request, (file) => {
      if (command === 'build') stdout += buildOutput(file)
      if (command === 'show-dag') stdout += dagAsTable(dagRows(file))
    })
    if (command === 'list') stdout += listAsJson(listReleases(state))
    return { exit: 0, stdout, stderr: '' }
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    const isNoMatch = error.diagnostics.some(({ code }) => code === 'state/no-releases')
    return { exit: isNoMatch ? 3 : 1, stdout, stderr: error.diagnostics.map(formatDiagnostic).join('\n') }
  }
}

function substituted(env: Readonly<Record<string, string>>, folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).map(([key, value]) => [key, value.replaceAll('@CASE@', folder)]))
}

function eachCase(root: string): readonly Case[] {
  return readdirSync(root)
    .filter((slug) => existsSync(join(root, slug, 'case.json')))
    .map((slug) => ({ slug, folder: join(root, slug), ...(JSON.parse(readFileSync(join(root, slug, 'case.json'), 'utf8')) as Omit<Case, 'slug' | 'folder'>) }))
}

const DONE: ReadonlySet<string> = new Set(['build', 'list', 'show-dag'])

function reasonToSkip({ covers }: Case, run: Run): string | undefined {
  const feature = covers.find((name) => NOT_YET[name])
  if (feature) return NOT_YET[feature]
  const command = run.args.find((arg) => /^(?:build|list|template|write-values|show-dag)$/.test(arg))
  if (!command) return 'not a command of state files'
  return DONE.has(command) ? undefined : `${command} is not compared here`
}

/** Fragments name lines of Go's parts and Go types; what they say beyond that has to be there. */
function core(fragment: string): string {
  return fragment.replace(/^(?:yaml: )?line \d+: /, '').replace(/^at <.*>: /, '')
}

function checkRun(root: Case, run: Run, outcome: Outcome, folder: string): void {
  assert.equal(outcome.exit, run.exit, `exit code\n${outcome.stderr}`)
  for (const fragment of run.stderrContains ?? []) assert.ok(outcome.stderr.includes(core(fragment)), `stderr lacks ${fragment}\n${outcome.stderr}`)
  if (run.stdout === null) return
  const expected = readFileSync(join(root.folder, run.stdout), 'utf8').replaceAll('@CASE@', folder)
  assert.equal(outcome.stdout, expected)
}

describe('state files as Helmfile 1.8 reads them', { skip: skipWithout(ARCHIVE) }, () => {
  if (skipWithout(ARCHIVE)) return
  const counts = new Map<string, { passed: number; failed: number; skipped: number }>()
  const count = (keys: readonly string[], what: 'passed' | 'failed' | 'skipped'): void => {
    for (const key of keys) {
      const at = counts.get(key) ?? { passed: 0, failed: 0, skipped: 0 }
      at[what]++
      counts.set(key, at)
    }
  }
  for (const root of eachCase(unpackedCorpus(ARCHIVE))) {
    for (const run of root.runs) {
      const command = run.args.find((arg) => !arg.startsWith('-')) ?? ''
      const keys = [`command ${command}`, ...root.covers]
      const reason = reasonToSkip(root, run)
      if (reason) count(keys, 'skipped')
      test(`${root.slug} ${run.name}`, { skip: reason ?? false }, async () => {
        const folder = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-state-')))
        try {
          cpSync(join(root.folder, 'input'), join(folder, 'input'), { recursive: true })
          checkRun(root, run, await execute(folder, run), folder)
          count(keys, 'passed')
        } catch (error) {
          count(keys, 'failed')
          throw error
        } finally {
          rmSync(folder, { recursive: true, force: true })
        }
      })
    }
  }
  after(() => {
    for (const [key, { passed, failed, skipped }] of [...counts].sort()) console.log(`${key}: ${passed} passed, ${failed} failed, ${skipped} skipped`)
  })
})
