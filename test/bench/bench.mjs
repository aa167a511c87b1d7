// npm run bench: whole-process times on fixed workloads, beside Helmfile where it is installed. Medians of several runs.
//   node test/bench/bench.mjs [--runs N] [--with-helmfile]
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { HELM_4, helmBinary } from '../cluster/helm.mjs'
import { compareEngines } from './compare-engines.mjs'
import { compareSupply, largeIndex } from './compare-supply.mjs'
import { writeWorkload } from './workload.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')
const flotilla = join(root, 'bin/flotilla.js')
const corpus = process.env.FLOTILLA_CORPUS ?? join(root, '../shared/corpus')
const runsAt = process.argv.indexOf('--runs')
const RUNS = runsAt > 0 ? Number(process.argv[runsAt + 1]) : 5
// For nothing but saved plans of made-up values.
const BENCH_IDENTITY = await generateIdentity()
const BENCH_RECIPIENT = await identityToRecipient(BENCH_IDENTITY)
const withHelmfile = process.argv.includes('--with-helmfile')
const work = mkdtempSync(join(tmpdir(), 'flotilla-bench-'))
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]

/** Wall milliseconds and peak memory (MB) of one whole process. */
function once(args, cwd, env) {
  const start = performance.now()
  const result = spawnSync(process.execPath, ['--import', join(here, 'memory-probe.mjs'), flotilla, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    maxBuffer: 1 << 30,
  })
  const wall = performance.now() - start
  if (result.status !== 0) throw new Error(`flotilla ${args.join(' ')} ended with ${result.status}\n${result.stderr}`)
  return { wall, memory: Number(String(result.output[3])) / 1024 }
}

const rows = []
const engineRows = []
function measure(name, args, { cwd = root, env = {}, runs = RUNS, before = () => {}, helmfile } = {}) {
  const results = []
  for (let i = 0; i < runs; i++) {
    before(i)
    results.push(once(typeof args === 'function' ? args(i) : args, cwd, env))
  }
  const wall = median(results.map((r) => r.wall))
  const row = { job: name, 'wall (median)': `${wall.toFixed(0)} ms`, 'peak memory': `${Math.max(...results.map((r) => r.memory)).toFixed(0)} MB` }
  if (withHelmfile && helmfile) {
    const start = performance.now()
    execFileSync('helmfile', helmfile, { cwd, env: { ...process.env, ...env }, stdio: 'ignore' })
    row.helmfile = `${(performance.now() - start).toFixed(0)} ms`
    row.ratio = ((performance.now() - start) / wall).toFixed(1)
  }
  rows.push(row)
}

async function startSandbox(folder) {
  const kubeconfig = join(folder, 'kubeconfig')
  const child = spawn(process.execPath, [flotilla, 'sandbox', '--write-kubeconfig', kubeconfig, '--ready-after', '1'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await new Promise((resolve, reject) => {
    child.stderr.once('data', resolve)
    child.once('exit', reject)
  })
  const stop = () => {
    child.kill('SIGTERM')
    return new Promise((done) => child.once('exit', done))
  }
  return { kubeconfig, stop }
}

try {
  const small = join(work, 'small')
  writeWorkload(small, 100)
  const staging = ['-e', 'staging']
  measure('empty Node process is the floor: version', ['version'])
  measure('list, 100 releases', [...staging, 'list'], { cwd: small, helmfile: [...staging, 'list', '--skip-charts'] })
  for (const n of [10, 1000]) {
    const folder = join(work, `list-${n}`)
    writeWorkload(folder, n)
    measure(`list, ${n} releases`, [...staging, 'list'], { cwd: folder })
  }
  measure('template, 100 releases of the small chart', [...staging, 'template'], { cwd: small, helmfile: [...staging, 'template', '--skip-deps'] })
  if (existsSync(join(corpus, 'charts.tar.xz'))) {
    const unpacked = join(work, 'charts')
    execFileSync('mkdir', ['-p', unpacked])
    execFileSync('tar', ['xJf', join(corpus, 'charts.tar.xz'), '-C', unpacked])
    const third = join(work, 'third-party')
    writeWorkload(third, 100, unpacked)
    measure('template, 100 releases of 25 third-party charts', [...staging, 'template', '--skip-deps'], {
      cwd: third,
      helmfile: [...staging, 'template', '--skip-deps'],
    })
    engineRows.push(...compareEngines(unpacked, work))
  } else console.log(`no charts.tar.xz in ${corpus}: third-party charts are left out`)
  const sandbox = process.env.FLOTILLA_BENCH_KUBECONFIG ? undefined : await startSandbox(work)
  const env = { KUBECONFIG: process.env.FLOTILLA_BENCH_KUBECONFIG ?? sandbox.kubeconfig }
  const where = sandbox ? 'sandbox in another process' : 'the cluster of FLOTILLA_BENCH_KUBECONFIG'
  try {
    const change = (i) => ['--state-values-set', `team=run${i}`]
    measure(`sync, first install of 100 releases, ${where}`, [...staging, 'sync'], { cwd: small, env, runs: 1 })
    measure('diff, nothing changed, 100 releases / 800 objects', [...staging, 'diff'], { cwd: small, env })
    measure('diff, every release changed', [...staging, ...change('x'), 'diff'], { cwd: small, env })
    measure('apply, every release changed', (i) => [...staging, ...change(i), 'apply', '--suppress-diff'], { cwd: small, env, runs: 3 })
    const saved = join(work, 'saved.plan')
    const plan = (i) => [...staging, ...change(i), 'plan', '--suppress-diff', '-o', saved, '--plan-recipient', BENCH_RECIPIENT]
    const saving = (i) => once(plan(i), small, env)
    measure('plan -o, nothing changed', () => plan(2), { cwd: small, env })
    measure('plan -o, every release changed', () => plan('x'), { cwd: small, env })
    measure('apply of a saved plan, every release changed', ['apply', saved, '--suppress-diff'], {
      cwd: small,
      env: { ...env, SOPS_AGE_KEY: BENCH_IDENTITY },
      runs: 3,
      before: (i) => saving(`saved${i}`),
    })
    measure('destroy', [...staging, 'destroy'], { cwd: small, env, runs: 1 })
  } finally {
    await sandbox?.stop()
  }
  console.log(`Node ${process.version}, ${availableParallelism()} cores, median of ${RUNS} whole processes`)
  console.table(rows)
  console.log('charts of the corpus, in one process and one thread: milliseconds per chart on the clock, of the processor in brackets')
  console.table(engineRows)
  console.log('bringing charts here: milliseconds on the clock, of the processor in brackets; helm dependency build for each chart beside it')
  const helm = process.env.FLOTILLA_HELM ?? helmBinary(HELM_4)
  if (!helm) console.log('there is no Helm: its columns are left out')
  console.table(await compareSupply(helm))
  console.table(await largeIndex())
} finally {
  rmSync(work, { recursive: true, force: true })
}
