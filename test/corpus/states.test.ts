import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { DiagnosticError, formatDiagnostic } from '../../src/base/diagnostic.ts'
import type { Host } from '../../src/base/host.ts'
import { nodeHost } from '../../src/base/host-node.ts'
import { loadChart } from '../../src/chart/load-chart.ts'
import { offlineCapabilities } from '../../src/render/capabilities.ts'
import { checkReleaseName } from '../../src/render/release-name.ts'
import { renderChart } from '../../src/render/render-chart.ts'
import { templateOutput } from '../../src/render/template-output.ts'
import { buildOutput } from '../../src/state/build-output.ts'
import { dagAsTable, dagRows } from '../../src/state/dag-output.ts'
import { listAsJson, listReleases } from '../../src/state/list-output.ts'
import { visitState } from '../../src/state/load-state.ts'
import type { StateRequest } from '../../src/state/request.ts'
import { resolveHooks } from '../../src/state/resolve-hooks.ts'
import { runHooks } from '../../src/state/run-hooks.ts'
import type { Release, StateFile } from '../../src/state/state.ts'
import { releasesToWrite, valuesFile } from '../../src/state/values-output.ts'
import { withFileDependencies } from '../../src/supply/file-dependencies.ts'
import { requireLocalChart } from '../../src/supply/local-chart.ts'
import { mergeLayers } from '../../src/values/merge-layers.ts'
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
}

/** Runs that are about something else than state files, or where we differ on purpose. */
const NOT_COMPARED: Readonly<Record<string, string>> = {
  'err-cli': 'refused by the command line, before any state file is read',
  'tpl-inherit-override-scalars': 'a release changes what the next one inherits, which is not followed',
}

/** A run's options as the command line takes them. */
interface Parsed {
  readonly command: string
  readonly request: StateRequest
  readonly includeCrds: boolean
  readonly noHooks: boolean
  readonly skipTests: boolean
  readonly skipSchemaValidation: boolean
  readonly skipDeps: boolean
  readonly kubeVersion: string | undefined
  readonly outputFileTemplate: string | undefined
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
  return {
    command,
    request: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    includeCrds: flag('--include-crds'),
    noHooks: flag('--no-hooks'),
    skipTests: flag('--skip-tests'),
    skipSchemaValidation: flag('--skip-schema-validation'),
    skipDeps: flag('--skip-deps'),
    kubeVersion: last('--kube-version'),
    outputFileTemplate: last('--output-file-template'),
  }
}

async function templateRelease(host: Host, file: StateFile, release: Release, asked: Parsed): Promise<string> {
  checkReleaseName(release.name)
  const path = requireLocalChart(host, { chart: release.chart, baseDir: file.baseDir, at: release.at })
  const lying = await loadChart(host, path)
  const chart = asked.skipDeps || release.options.skipDeps ? lying : await withFileDependencies(lying, (folder) => loadChart(host, folder))
  const values = mergeLayers(await release.layers()).tree
  const kubeVersion = asked.kubeVersion ?? release.options.kubeVersion
  const rendered = renderChart(chart, values, {
    host,
    release: { name: release.name, namespace: release.namespace || 'default', isUpgrade: false, revision: 1 },
    capabilities: offlineCapabilities({
      ...(kubeVersion ? { kubeVersion } : {}),
      apiVersions: release.options.apiVersions ?? [],
      helmVersion: 'v4.3',
    }),
    skipSchemaValidation: asked.skipSchemaValidation || (release.options.skipSchemaValidation ?? false),
    includeCrds: asked.includeCrds || (release.options.includeCrds ?? false),
  })
  return templateOutput(rendered, asked)
}

/** Prepare hooks of the file and of all releases first, then each release with its cleanup hooks, as Helmfile runs them. */
async function templateFile(host: Host, file: StateFile, asked: Parsed, print: (text: string) => void): Promise<void> {
  const event = (name: string): { name: string; command: string } => ({ name, command: asked.command })
  const wanted = file.selected.filter(({ installed }) => installed)
  await runHooks(host, resolveHooks(host, file, undefined, event('prepare')))
  for (const release of wanted) await runHooks(host, resolveHooks(host, file, release, event('prepare')))
  for (const release of wanted) {
    print(`${await templateRelease(host, file, release, asked)}\n`)
    await runHooks(host, resolveHooks(host, file, release, event('cleanup')))
  }
}

interface Outcome {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

async function execute(folder: string, run: Run): Promise<Outcome> {
  const asked = parseArgs(
    run.args.map((arg) => arg.replaceAll('@CASE@', folder)),
    run,
  )
  const { command, request } = asked
  const env = { PATH: process.env['PATH'], HOME: join(folder, 'home'), TZ: 'UTC', ...substituted(run.env, folder) }
  const host = nodeHost({ cwd: join(folder, run.cwd), env })
  let stdout = ''
  try {
    const state = await visitState(host, request, async (file) => {
      if (command === 'template')
        await templateFile(host, file, asked, (text) => {
          stdout += text
        })
      if (command === 'write-values') for (const release of releasesToWrite(file)) await writeValues(host, file, release, asked)
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

async function writeValues(host: Host, file: StateFile, release: Release, { outputFileTemplate, request }: Parsed): Promise<void> {
  const { path, text } = await valuesFile(host, file, release, {
    ...(outputFileTemplate ? { template: outputFileTemplate } : {}),
    extra: request.values ?? [],
  })
  host.fs.writeFile(path, text)
}

function substituted(env: Readonly<Record<string, string>>, folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).map(([key, value]) => [key, value.replaceAll('@CASE@', folder)]))
}

function eachCase(root: string): readonly Case[] {
  return readdirSync(root)
    .filter((slug) => existsSync(join(root, slug, 'case.json')))
    .map((slug) => ({
      slug,
      folder: join(root, slug),
      ...(JSON.parse(readFileSync(join(root, slug, 'case.json'), 'utf8')) as Omit<Case, 'slug' | 'folder'>),
    }))
}

function reasonToSkip({ slug, covers }: Case, run: Run): string | undefined {
  const known = NOT_COMPARED[slug]
  if (known) return known
  const feature = covers.find((name) => NOT_YET[name])
  if (feature) return NOT_YET[feature]
  const command = run.args.find((arg) => /^(?:build|list|template|write-values|show-dag)$/.test(arg))
  return command ? undefined : 'not a command of state files'
}

/** Fragments name lines of Go's parts and Go types; what they say beyond that has to be there. */
function core(fragment: string): string {
  return fragment.replace(/^(?:yaml: )?line \d+: /, '').replace(/^at <.*>: /, '')
}

function checkRun(root: Case, run: Run, outcome: Outcome, folder: string): void {
  assert.equal(outcome.exit, run.exit, `exit code\n${outcome.stderr}`)
  for (const fragment of run.stderrContains ?? []) assert.ok(outcome.stderr.includes(core(fragment)), `stderr lacks ${fragment}\n${outcome.stderr}`)
  for (const [path, expected] of Object.entries(run.files ?? {})) {
    assert.equal(
      readFileSync(path.replaceAll('@CASE@', folder).replace(/^(?!\/)/, `${folder}/${run.cwd}/`), 'utf8'),
      recorded(root, expected, folder),
      path,
    )
  }
  if (run.stdout === null) return
  assert.equal(comparable(outcome.stdout), comparable(recorded(root, run.stdout, folder)))
}

function recorded(root: Case, name: string, folder: string): string {
  return readFileSync(join(root.folder, name), 'utf8').replaceAll('@CASE@', folder)
}

/**
 * Blank lines that end a document are not compared: Helm's versions print different numbers of them. Nor is the comment that
 * names a built file's source, where Helmfile joins two absolute paths.
 */
function comparable(text: string): string {
  return text
    .replace(/\n\s*\n(?=---\n|$)/g, '\n')
    .replace(/^# {2}Source: .*$/gm, '#  Source')
    .trimEnd()
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
