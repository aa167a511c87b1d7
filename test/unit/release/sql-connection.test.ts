import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sqlConnection } from '../../../src/release/records/sql-connection.ts'
import { memoryHost } from '../../support/memory-host.ts'

const files = { 'root.crt': 'ROOT', 'me.crt': 'CERT', 'me.key': 'KEY' }
const base = { host: 'localhost', port: 5432, database: 'me', user: 'me', password: '', application_name: 'flotilla', options: '' }

/** What is compared of TLS: what is checked, and with which files. */
function summary(text: string, env: Readonly<Record<string, string>> = {}): object {
  const { ssl, ...rest } = sqlConnection(memoryHost(files, { env: { USER: 'me', ...env } }), text)
  if (typeof ssl !== 'object') return { ...rest, ssl }
  const { checkServerIdentity, servername: _servername, ...shown } = ssl
  return { ...rest, ssl: { ...shown, name: checkServerIdentity === undefined } }
}

const unchecked = { rejectUnauthorized: false, name: false }

describe('sqlConnection', () => {
  const cases: readonly (readonly [string, string, object, Readonly<Record<string, string>>?])[] = [
    ['nothing but blanks', '  ', { ...base, ssl: unchecked }],
    [
      'a URL',
      'postgres://u:p%40ss@db:6432/helm?sslmode=disable',
      { ...base, host: 'db', port: 6432, database: 'helm', user: 'u', password: 'p@ss', ssl: false },
    ],
    ['the longer scheme', 'postgresql://u@db/', { ...base, host: 'db', database: 'u', user: 'u', ssl: unchecked }],
    ['an IPv6 address', 'postgres://[::1]:1/x?sslmode=disable', { ...base, host: '::1', port: 1, database: 'x', ssl: false }],
    [
      'words',
      "host=db user=u dbname='my db' password='it\\'s' sslmode=disable",
      { ...base, host: 'db', user: 'u', database: 'my db', password: "it's", ssl: false },
    ],
    ['words with room', ' host = db  sslmode=disable ', { ...base, host: 'db', ssl: false }],
    ['a socket', 'host=/var/run/postgresql user=u', { ...base, host: '/var/run/postgresql', user: 'u', database: 'u', ssl: false }],
    [
      'variables',
      '',
      { ...base, host: 'h', port: 7, user: 'u', password: 'p', database: 'd', ssl: false },
      { PGHOST: 'h', PGPORT: '7', PGUSER: 'u', PGPASSWORD: 'p', PGDATABASE: 'd', PGSSLMODE: 'disable' },
    ],
    ['the string before variables', 'host=a sslmode=disable', { ...base, host: 'a', ssl: false }, { PGHOST: 'b' }],
    ['require with a root checks who signed', 'sslrootcert=root.crt', { ...base, ssl: { ca: 'ROOT', rejectUnauthorized: true, name: false } }],
    ['verify-ca', 'sslmode=verify-ca sslrootcert=/repo/root.crt', { ...base, ssl: { ca: 'ROOT', rejectUnauthorized: true, name: false } }],
    [
      'verify-full',
      'sslmode=verify-full sslcert=me.crt sslkey=me.key',
      { ...base, ssl: { cert: 'CERT', key: 'KEY', rejectUnauthorized: true, name: true } },
    ],
    ['a time limit', 'connect_timeout=3 sslmode=disable', { ...base, connectionTimeoutMillis: 3000, ssl: false }],
    [
      'what is for the server',
      'postgres://db/x?search_path=a b&sslmode=disable&options=-c%20geqo%3Doff',
      { ...base, host: 'db', database: 'x', options: '-c geqo=off -c search_path=a\\ b', ssl: false },
    ],
  ]
  for (const [name, text, expected, env] of cases) test(name, () => assert.deepEqual(summary(text, env), expected))

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['secretword', /neither a URL nor a list of key=value/],
    ["host='secretword", /neither a URL nor/],
    ['host=db secretword', /neither a URL nor/],
    ['postgres://secretword:x:y@', /no URL/],
    ['sslmode=prefer password=secretword', /sslmode may be disable, require, verify-ca, verify-full/],
    ['port=99999 password=secretword', /no port number/],
  ]
  for (const [text, message] of wrong) {
    test(`refuses ${text}, and does not repeat it`, () => {
      assert.throws(
        () => summary(text),
        (error: unknown) => {
          assert.match(String(error), message)
          assert.doesNotMatch(String(error), /secretword/)
          return true
        },
      )
    })
  }
})
