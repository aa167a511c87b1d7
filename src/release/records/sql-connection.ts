import { isAbsolute, join } from 'node:path'
import type { ClientConfig } from 'pg'
import { failure } from '../../base/diagnostic.ts'
import type { Host } from '../../base/host.ts'

type Parameters = ReadonlyMap<string, string>

/** Names of connection parameters that are understood, and the variables that stand in for them. */
const VARIABLES: Readonly<Record<string, string>> = {
  host: 'PGHOST',
  port: 'PGPORT',
  dbname: 'PGDATABASE',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  sslmode: 'PGSSLMODE',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslrootcert: 'PGSSLROOTCERT',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  application_name: 'PGAPPNAME',
  options: 'PGOPTIONS',
}
const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full']

/**
 * How to connect, from HELM_DRIVER_SQL_CONNECTION_STRING (`postgres://…` or `host=… dbname=…`) and the PG… variables: what lib/pq, which
 * Helm uses, makes of them; TLS is on unless `sslmode=disable`. Parameters that are not known here go to the server (`search_path`).
 *
 * @throws DiagnosticError `release/bad-connection-string`; it never holds the string, which may hold a password
 * Source: lib/pq 1.12.3 connector.go, ssl.go
 */
export function sqlConnection(host: Host, text: string): ClientConfig {
  const given = /^postgres(?:ql)?:\/\//.test(text) ? fromUrl(text) : fromWords(text)
  const of = (name: string): string | undefined => given.get(name) || host.env[VARIABLES[name] ?? ''] || undefined
  const server = of('host') ?? 'localhost'
  const user = of('user') ?? host.env['USER'] ?? host.env['USERNAME']
  const password = of('password')
  const seconds = Number(of('connect_timeout') ?? 0)
  const port = Number(of('port') ?? 5432)
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw bad('the port is no port number')
  return {
    host: server,
    port,
    database: of('dbname') ?? user ?? '',
    user: user ?? '',
    // Undefined would make the driver look for a password by itself.
    password: password ?? '',
    ssl: server.startsWith('/') ? false : tls(host, server, of),
    application_name: of('application_name') ?? 'flotilla',
    options: runtimeOptions(given, of('options')),
    ...(seconds > 0 ? { connectionTimeoutMillis: seconds * 1000 } : {}),
  }
}

function bad(what: string): Error {
  return failure('release/bad-connection-string', `HELM_DRIVER_SQL_CONNECTION_STRING cannot be used: ${what}`, {
    hint: 'write postgres://USER:PASSWORD@HOST:5432/DATABASE?sslmode=verify-full, or host=… dbname=… user=…',
  })
}

function fromUrl(text: string): Parameters {
  let url: URL
  try {
    url = new URL(text)
  } catch (error) {
    throw bad(error instanceof Error ? 'it is no URL' : String(error))
  }
  const host = decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1')
  const parts: readonly (readonly [string, string])[] = [
    ['host', host],
    ['port', url.port],
    ['user', decodeURIComponent(url.username)],
    ['password', decodeURIComponent(url.password)],
    ['dbname', decodeURIComponent(url.pathname.slice(1))],
    ...url.searchParams,
  ]
  return new Map(parts.filter(([, value]) => value !== ''))
}

/** `key=value`, apart by blanks; values with blanks in single quotes, `\` escapes. */
function fromWords(text: string): Parameters {
  const found = new Map<string, string>()
  const word = /\s*([A-Za-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/y
  while (word.lastIndex < text.trimEnd().length) {
    const match = word.exec(text)
    if (!match) throw bad('it is neither a URL nor a list of key=value')
    found.set(match[1] as string, (match[2] ?? match[3] ?? '').replace(/\\(.)/g, '$1'))
  }
  return found
}

function tls(host: Host, server: string, of: (name: string) => string | undefined): ClientConfig['ssl'] {
  const mode = of('sslmode') ?? 'require'
  if (!SSL_MODES.includes(mode)) throw bad(`sslmode may be ${SSL_MODES.join(', ')}`)
  if (mode === 'disable') return false
  const read = (name: string): string | undefined => {
    const path = of(name)
    return path === undefined ? undefined : host.fs.readText(isAbsolute(path) ? path : join(host.cwd, path))
  }
  const [ca, cert, key] = [read('sslrootcert'), read('sslcert'), read('sslkey')]
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    servername: server,
    // As libpq has it: a given root makes `require` check what it signed.
    rejectUnauthorized: mode !== 'require' || ca !== undefined,
    ...(mode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
  }
}

function runtimeOptions(given: Parameters, options = ''): string {
  const own = [...given].filter(([name]) => !(name in VARIABLES)).map(([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, '\\$&')}`)
  return [options, ...own].filter((part) => part !== '').join(' ')
}
