// Runs compiled test files with Node's own runner: node test/run.mjs unit scripts … (folders under dist/test).
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { reporterArguments } from './reporter-arguments.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const folders = process.argv.slice(2)
const files = folders.flatMap((folder) =>
  readdirSync(join(root, 'dist/test', folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.js'))
    .sort()
    .map((name) => join(root, 'dist/test', folder, name)),
)
if (files.length === 0) {
  console.error(`no test files under ${folders.join(', ')}`)
  process.exit(1)
}
const { status } = spawnSync(process.execPath, ['--test', ...reporterArguments(), ...files], { stdio: 'inherit', cwd: root })
process.exit(status ?? 1)
