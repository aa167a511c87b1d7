// Bringing the dependencies of fifty charts here, beside `helm dependency build`: one HTTP repository with an index of some size and one
// OCI registry, both in another process. Alone: node test/bench/compare-supply.mjs
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lockDigest } from '../../dist/src/supply/lock-digest.js'

const here = dirname(fileURLToPath(import.meta.url))
const flotilla = join(here, '../../bin/flotilla.js')
const CHARTS = 50
/** Of the parts in the repository; Chart.lock names it. */
const NEWEST = '1.49.0'
/** As large as those of busy publishers; Helm reads all of it for every chart, so more would only flatter. */
const INDEX_MB = 2
const LARGE_INDEX_MB = 100
const WARM_RUNS = 3
const median = (list, of) => list.toSorted((a, b) => of(a) - of(b))[Math.floor(list.length / 2)]

async function startServer(megabytes) {
  const child = spawn(process.execPath, [join(here, 'chart-server.mjs'), String(megabytes)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise((resolve, reject) => {
    child.stdout.once('data', (data) => resolve(Number(data)))
    child.once('exit', reject)
  })
  return { url: `http://127.0.0.1:${port}`, registry: `127.0.0.1:${port}`, stop: () => child.kill('SIGTERM') }
}

function writeChart(folder, name, parts) {
  const wanted = parts.map((part) => ({ ...part, version: '1.x' }))
  const locked = parts.map((part) => ({ ...part, version: NEWEST }))
  const listed = (list) => list.map((part) => `- {name: ${part.name}, version: ${part.version}, repository: "${part.repository}"}\n`).join('')
  mkdirSync(join(folder, 'templates'), { recursive: true })
  writeFileSync(join(folder, 'Chart.yaml'), `apiVersion: v2\nname: ${name}\nversion: 1.0.0\ndependencies:\n${listed(wanted)}`)
  const lock = `dependencies:\n${listed(locked)}digest: ${lockDigest(wanted, locked)}\ngenerated: "2026-01-01T00:00:00Z"\n`
  writeFileSync(join(folder, 'Chart.lock'), lock)
  writeFileSync(join(folder, 'templates/cm.yaml'), 'kind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\n')
}

/** Fifty charts with two dependencies each, of which every tenth comes from the registry; one chart with fifty of its own. */
function writeCharts(work, { url, registry }) {
  const part = (i, repository = url) => ({ name: `part${i % CHARTS}`, repository })
  const names = Array.from({ length: CHARTS }, (_, i) => `app${i}`)
  for (const [i, name] of names.entries())
    writeChart(join(work, 'fifty', name), name, [part(i), part(i + 1, i % 5 === 0 ? `oci://${registry}/charts` : url)])
  writeChart(
    join(work, 'one/umbrella'),
    'umbrella',
    Array.from({ length: CHARTS }, (_, i) => part(i)),
  )
  const state = (charts) => `releases:\n${charts.map((name) => `- {name: ${name}, chart: ./${name}, plainHttp: true}\n`).join('')}`
  writeFileSync(join(work, 'fifty/helmfile.yaml'), state(names))
  writeFileSync(join(work, 'one/helmfile.yaml'), state(['umbrella']))
}

function chartFolders(work, set) {
  const entries = readdirSync(join(work, set), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return entries.map(({ name }) => join(work, set, name))
}

/** Milliseconds on the clock and of the processor; the shell adds up what its children took. */
function timed(script, args, cwd, env) {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync('sh', ['-ec', `${script}; times`, 'sh', ...args], { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 })
  const wall = performance.now() - start
  if (status !== 0) throw new Error(`${script} ${args.join(' ')} ended with ${status}\n${stderr}`)
  const spent = [
    ...stdout
      .trim()
      .split('\n')
      .at(-1)
      .matchAll(/(\d+)m([\d.]+)s/g),
  ].map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds))
  return { wall, cpu: 1000 * spent.reduce((sum, seconds) => sum + seconds, 0) }
}

/** With empty and with filled caches; archives in charts/ are taken away before each run, as in a fresh checkout. */
function coldAndWarm(folders, cache, build, warmRuns) {
  const once = () => {
    for (const folder of folders) rmSync(join(folder, 'charts'), { recursive: true, force: true })
    return build()
  }
  rmSync(cache, { recursive: true, force: true })
  const cold = once()
  return { cold, warm: median(Array.from({ length: warmRuns }, once), ({ wall }) => wall) }
}

const THEIRS = 'helm=$1; shift; for chart in "$@"; do "$helm" dependency build --plain-http --skip-refresh "$chart" > /dev/null; done'

/** One row for each set of charts; `helm` is a program, or undefined where there is none. */
export async function compareSupply(helm) {
  const work = mkdtempSync(join(tmpdir(), 'flotilla-bench-supply-'))
  const server = await startServer(INDEX_MB)
  const env = { PATH: process.env.PATH, HOME: work }
  try {
    writeCharts(work, server)
    return [
      ['fifty', `${CHARTS} charts with 2 dependencies each, index of ${INDEX_MB} MB`],
      ['one', `1 chart with ${CHARTS} dependencies, index of ${INDEX_MB} MB`],
    ].map(([set, job]) => {
      const folders = chartFolders(work, set)
      const cache = join(work, 'flotilla')
      const fetch = () => timed('"$@" > /dev/null', [process.execPath, flotilla, 'fetch'], join(work, set), { ...env, FLOTILLA_CACHE_HOME: cache })
      const ours = coldAndWarm(folders, cache, fetch, WARM_RUNS)
      return row(job, ours, helm && helmTimes(helm, { work, folders, server, env }))
    })
  } finally {
    server.stop()
    rmSync(work, { recursive: true, force: true })
  }
}

/** Helm at its best: the repository is declared, and with a filled cache its index is not asked for again. */
function helmTimes(helm, { work, folders, server, env }) {
  const cache = join(work, 'helm')
  const helmEnv = { ...env, HELM_CACHE_HOME: join(cache, 'cache'), HELM_CONFIG_HOME: join(cache, 'config'), HELM_DATA_HOME: join(cache, 'data') }
  const addRepository = '[ -e "$HELM_CONFIG_HOME/repositories.yaml" ] || "$1" repo add bench "$REPOSITORY" > /dev/null'
  const build = () => timed(`${addRepository}; ${THEIRS}`, [helm, ...folders], work, { ...helmEnv, REPOSITORY: server.url })
  return coldAndWarm(folders, cache, build, 1)
}

/** A release from a repository with an index of 100 MB: times and peak memory of whole processes. */
export async function largeIndex() {
  const work = mkdtempSync(join(tmpdir(), 'flotilla-bench-supply-'))
  const server = await startServer(LARGE_INDEX_MB)
  const fetch = () => {
    const start = performance.now()
    const { status, output } = spawnSync(process.execPath, ['--import', join(here, 'memory-probe.mjs'), flotilla, 'fetch'], {
      cwd: work,
      env: { PATH: process.env.PATH, HOME: work },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    })
    if (status !== 0) throw new Error(`flotilla fetch ended with ${status}\n${output[2]}`)
    return `${(performance.now() - start).toFixed(0)} ms, ${(Number(String(output[3])) / 1024).toFixed(0)} MB`
  }
  try {
    writeFileSync(join(work, 'helmfile.yaml'), `repositories: [{name: r, url: "${server.url}"}]\nreleases: [{name: a, chart: r/part7}]\n`)
    return [{ job: `1 chart of an index of ${LARGE_INDEX_MB} MB`, cold: fetch(), warm: fetch() }]
  } finally {
    server.stop()
    rmSync(work, { recursive: true, force: true })
  }
}

function row(job, ours, theirs) {
  const shown = ({ wall, cpu }) => `${wall.toFixed(0)} ms (${cpu.toFixed(0)})`
  const ratio = (of) => (of(theirs.warm) / of(ours.warm)).toFixed(1)
  return {
    job,
    cold: shown(ours.cold),
    warm: shown(ours.warm),
    ...(theirs && {
      'helm cold': shown(theirs.cold),
      'helm warm': shown(theirs.warm),
      'warm ratio': `${ratio(({ wall }) => wall)} (${ratio(({ cpu }) => cpu)})`,
    }),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.table(await compareSupply(process.env.FLOTILLA_HELM))
  console.table(await largeIndex())
}
