// The main job in one go, on a cluster inside a process: diff, apply, nothing left to do, a change as a saved plan, a promotion.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const flotilla = join(root, 'bin/flotilla.js')
const shop = relative(process.cwd(), join(root, 'examples/shop')) || '.'
const folder = mkdtempSync(join(tmpdir(), 'flotilla-demo-'))
const kubeconfig = join(folder, 'kubeconfig')
const env = { ...process.env, KUBECONFIG: kubeconfig, SOPS_AGE_KEY_FILE: join(root, 'examples/shop/demo.agekey') }

const say = (text) => process.stdout.write(`\n${text}\n`)

async function startSandbox() {
  const child = spawn(process.execPath, [flotilla, 'sandbox', '--data', join(folder, 'cluster'), '--write-kubeconfig', kubeconfig], { stdio: ['ignore', 'ignore', 'pipe'] })
  child.stderr.setEncoding('utf8')
  const started = await new Promise((resolve) => {
    child.stderr.on('data', () => resolve(existsSync(kubeconfig)))
    child.on('exit', () => resolve(false))
  })
  if (!started) throw new Error('the sandbox did not start')
  return child
}

function run(...args) {
  say(`$ flotilla ${args.join(' ')}`)
  const { status } = spawnSync(process.execPath, [flotilla, ...args], { stdio: 'inherit', env })
  return status
}

function expect(status, ...wanted) {
  if (!wanted.includes(status)) throw new Error(`the last command ended with exit code ${status}`)
}

let sandbox
try {
  say('Starting a Kubernetes API server inside a process (flotilla sandbox) …')
  sandbox = await startSandbox()
  const staging = ['-f', shop, '-e', 'staging']
  say('1. What would change? The cluster is empty, so everything is new. (One release of nine, to keep it short.)')
  expect(run(...staging, '-l', 'name=redis', 'diff'), 0)
  say('2. Do it: nine releases, in the order of their needs, as parallel as that allows.')
  expect(run(...staging, 'apply', '--suppress-diff'), 0)
  say('3. Again: nothing to do, and the exit code says so.')
  expect(run(...staging, 'diff', '--detailed-exitcode'), 0)
  say('4. A change, a newer image for web: planned, kept, and then exactly that is done.')
  const plan = join(folder, 'staging.plan')
  expect(run(...staging, '--state-values-set', 'images.web=5.3.0', 'plan', '-o', plan, '--detailed-exitcode'), 2)
  expect(run('apply', plan, '--suppress-diff'), 0)
  say('5. What is there now, and where a value comes from.')
  expect(run(...staging, 'status'), 0)
  expect(run(...staging, 'values', 'explain', 'web', 'image.tag'), 0)
  say('6. In what does production differ from staging? (One release again.)')
  expect(run('-f', shop, '-l', 'name=redis', 'compare', 'staging', 'production', '--offline'), 0)
  say(`That was all on a cluster inside a process; nothing is left of it. Try next:

  export SOPS_AGE_KEY_FILE=${shop}/demo.agekey
  node bin/flotilla.js -f ${shop} -e production template        # the manifests, no cluster needed
  node bin/flotilla.js sandbox --data .sandbox                  # a sandbox to play with
  node bin/flotilla.js --kube-context YOURS -f helmfile.yaml diff   # your own state file and cluster
`)
} finally {
  sandbox?.kill('SIGTERM')
  if (sandbox && sandbox.exitCode === null) await new Promise((done) => sandbox.once('exit', done))
  rmSync(folder, { recursive: true, force: true })
}
