// Flotilla's engine beside Helm's own, built from its module where there is a Go tool chain and the module can be had.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const ROUNDS = '2'

/** Making keys takes both programs longer than everything else, and is none of the engine's work. */
const MAKES_KEYS = /genCA|genSelfSignedCert|genSignedCert|genPrivateKey|derivePassword|htpasswd|bcrypt/

function makesKeys(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).some(
    (entry) =>
      entry.isFile() && /\.(?:yaml|yml|tpl|txt)$/.test(entry.name) && MAKES_KEYS.test(readFileSync(join(entry.parentPath, entry.name), 'utf8')),
  )
}

/** Folders of the charts whose default case renders. */
function chartFolders(root) {
  const isFine = (slug) => {
    const file = join(root, slug, 'cases.json')
    return existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).cases.default?.status === 'ok'
  }
  return readdirSync(root)
    .sort()
    .filter(isFine)
    .map((slug) => join(root, slug, 'chart'))
}

/** The built program, or undefined with the reason on standard output. */
function buildHelmEngine(work) {
  const folder = join(work, 'helm-engine')
  cpSync(join(here, 'helm-engine'), folder, { recursive: true })
  try {
    execFileSync('go', ['mod', 'tidy'], { cwd: folder, stdio: 'pipe' })
    execFileSync('go', ['build', '-o', 'helm-engine', '.'], { cwd: folder, stdio: 'pipe' })
    return join(folder, 'helm-engine')
  } catch (error) {
    console.log(`Helm's engine is left out: ${error.message.split('\n')[0]}`)
    return undefined
  }
}

/** One row for each engine and set of charts; `work` is a folder for what is built. */
export function compareEngines(root, work) {
  const all = chartFolders(root)
  const sets = { 'all charts': all, 'charts that make no keys': all.filter((folder) => !makesKeys(folder)) }
  const helm = buildHelmEngine(work)
  const run = (engine, set, file, args, env = {}) => {
    const output = execFileSync(file, args, {
      input: `${sets[set].join('\n')}\n`,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const { charts, load, first, warm } = JSON.parse(output)
    const both = ({ wall, cpu }) => `${wall.toFixed(2)} (${cpu.toFixed(2)})`
    return { engine, set, charts, load: both(load), first: both(first), 'rendered again': both(warm) }
  }
  return Object.keys(sets).flatMap((set) => [
    run('flotilla', set, process.execPath, [join(here, 'engine.mjs'), ROUNDS]),
    ...(helm ? [run('helm', set, helm, [ROUNDS], { GOMAXPROCS: '1' })] : []),
  ])
}
