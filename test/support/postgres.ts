import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'

/** A PostgreSQL server of its own, reached through a socket in `folder` (its port is 5432 by name only). */
export interface Postgres {
  /** For HELM_DRIVER_SQL_CONNECTION_STRING. */
  connection(database: string): string
  /** Runs statements on a database. */
  run(database: string, sql: string): string
  /** The structure of a database, without comments. */
  structure(database: string): string
  close(): Promise<void>
}

const PROGRAMS = ['initdb', 'postgres', 'psql', 'pg_dump']

/** The folder of PostgreSQL's own programs; undefined where it is not installed. */
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : []
  return [...(process.env['PATH'] ?? '').split(delimiter), ...versions].find((folder) => PROGRAMS.every((name) => existsSync(join(folder, name))))
}

/** Who the server runs as: it refuses to be root. */
function serverUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const [, uid, gid] = /^postgres:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8')) ?? []
  return { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) }
}

/** Starts a server in a new folder of its own; nothing but this process's user and root can reach it. */
export async function startPostgres(programs: string): Promise<Postgres> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-postgres-'))
  const user = serverUser()
  if (user) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  execFileSync(join(programs, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'tester', '--no-sync'], { ...user, cwd: folder, stdio: 'pipe' })
  const server = spawn(join(programs, 'postgres'), ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off'], {
    ...user,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await untilReady(server)
  const tool = (name: string, args: readonly string[]): string =>
    execFileSync(join(programs, name), ['-h', folder, '-U', 'tester', ...args], { encoding: 'utf8', cwd: folder })
  return {
    connection: (database) => `host=${folder} user=tester dbname=${database} sslmode=disable`,
    run: (database, sql) => tool('psql', ['-d', database, '-qAt', '-v', 'ON_ERROR_STOP=1', '-c', sql]),
    structure: (database) => tool('pg_dump', ['-s', database]).replace(/^(?:--|\\).*\n/gm, ''),
    close: async () => {
      server.kill('SIGINT')
      await once(server, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilReady(server: ChildProcess): Promise<void> {
  for await (const line of createInterface({ input: server.stderr as NonNullable<ChildProcess['stderr']> })) {
    if (line.includes('ready to accept connections')) {
      server.stderr?.resume()
      return
    }
  }
  throw new Error('PostgreSQL did not start')
}
