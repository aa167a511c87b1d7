import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheRoot } from '../base/cache-folder.ts'
import { nodeHost } from '../base/host-node.ts'
import { loadProgram } from './code-cache.ts'
import { exitCodes } from './exit-codes.ts'

/** What `run-process.ts` exports. */
type Program = Pick<typeof import('./run-process.ts'), 'runProcess' | 'commandOf'>

const here = dirname(fileURLToPath(import.meta.url))
const host = nodeHost()
// Its name has a digest of what it holds.
const bundle = readdirSync(here).find((name) => /^run-process-\w+\.cjs$/.test(name)) as string
const cache = join(cacheRoot(host), 'code', `${bundle}-${process.version}-${process.arch}`)
// Node's own name for doing without.
const isWanted = !host.env['NODE_DISABLE_COMPILE_CACHE']
const program = loadProgram(host.fs, join(here, bundle), isWanted ? cache : undefined)
const { runProcess, commandOf } = program.exports as Program
const argv = process.argv.slice(2)
const exitCode = await runProcess(argv)
process.exitCode = exitCode
const command = commandOf(argv)
// A command that failed may have stopped before most of its code was called.
const isDone = exitCode === exitCodes.ok || exitCode === exitCodes.changes
if (isDone && command !== undefined && !command.startsWith('cache ') && !program.known.includes(command)) program.keep(command)
