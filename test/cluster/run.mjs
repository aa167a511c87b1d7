// Runs the tests of release handling against a real Kubernetes control plane of their own: npm run test:cluster
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { reporterArguments } from '../reporter-arguments.mjs'
import { HELM_3, HELM_4, helmBinary } from './helm.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')
const built = join(root, 'dist/test')

function hasGo() {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    // No such program.
    return false
  }
}

function testFiles() {
  const folders = ['lifecycle', 'cluster'].flatMap((folder) => readdirSync(join(built, folder)).map((name) => join(built, folder, name)))
  const shared = ['unit/kube/lease.test.js', 'unit/plan/scenarios.test.js', 'corpus/release-scenarios.test.js', 'corpus/environment.test.js'].map(
    (name) => join(built, name),
  )
  return [...folders.filter((name) => name.endsWith('.test.js')), ...shared]
}

/** The control plane and where its kubeconfig is; it ends when its standard input does, so also when this process is killed. */
async function startControlPlane() {
  const child = spawn(process.execPath, [join(here, 'control-plane.mjs')], { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  running = child
  const lines = createInterface({ input: child.stdout })
  const first = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => undefined)])
  running = undefined
  if (!first) throw new Error('the control plane did not start')
  return { child, kubeconfig: JSON.parse(first[0]).kubeconfig }
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.stdin.end()
  await once(child, 'exit')
}

/** What an interrupt ends, with everything that it started; afterwards nothing new is begun. */
let running
let interrupted = false
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true
    if (running && running.exitCode === null && running.signalCode === null) process.kill(-running.pid, 'SIGTERM')
  })
}

async function runFiles(files, variables) {
  if (interrupted) return 130
  running = spawn(process.execPath, ['--test', '--test-concurrency=2', ...reporterArguments(), ...files], {
    cwd: root,
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  const [status] = await once(running, 'exit')
  return interrupted ? 130 : (status ?? 1)
}

async function runTests(kubeconfig) {
  const [helm, helm3] = [helmBinary(HELM_4), helmBinary(HELM_3)]
  const variables = { FLOTILLA_TEST_KUBECONFIG: kubeconfig, FLOTILLA_TEST_DISPOSABLE: '1' }
  if (helm) variables.FLOTILLA_HELM = helm
  if (helm3) variables.FLOTILLA_HELM3 = helm3
  return runFiles(testFiles(), variables)
}

/** The sandbox takes a thousand tries at everything that can go wrong on the way to it; `npm test` makes fewer. */
async function runFaults() {
  return runFiles([join(built, 'lifecycle/faults.test.js')], { FLOTILLA_TEST_SEEDS: '1000' })
}

if (!hasGo()) {
  console.log('cluster tests: SKIPPED, there is no Go here to build a control plane with')
} else {
  const { child, kubeconfig } = await startControlPlane()
  try {
    const faults = await runFaults()
    process.exitCode = (await runTests(kubeconfig)) || faults
  } finally {
    await stop(child)
  }
}
