/*
 * Records in PostgreSQL, in the tables that Helm makes and reads. In: a connection string. Out: a RecordStore.
 * Always true: the key and namespace of a record are its primary key, so of two writers of one revision one fails.
 * Source: Helm 4.3.1 pkg/storage/driver/sql.go, rubenv/sql-migrate 1.8.1 (table gorp_migrations).
 */
import type { Pool, PoolClient } from 'pg'
import { DiagnosticError, failure } from '../../base/diagnostic.ts'
import type { Host } from '../../base/host.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import type { RecordQuery, RecordStore } from '../../kube/record-store.ts'
import { isSystemLabel } from '../codec.ts'
import { sqlConnection } from './sql-connection.ts'
import { migrate } from './sql-migrations.ts'

/** A store, and how it is left. */
export interface SqlRecords extends RecordStore {
  close(): Promise<void>
}

/** Releases are worked on many at a time; a database has fewer connections than that. */
const MAX_CONNECTIONS = 8
const OWNER = 'helm'
const TYPE = 'helm.sh/release.v1'

interface Row {
  readonly key: string
  readonly body: string
  readonly name: string
  readonly namespace: string
  readonly version: number
  readonly status: string
  readonly createdat: number
  readonly modifiedat: number
  readonly labels: Readonly<Record<string, string>> | null
}

/** The records in the database that `connection` names; it is connected to, and its tables made, at first use. */
export function sqlRecords(host: Host, connection: string): SqlRecords {
  let opened: Promise<Pool> | undefined
  const pool = (): Promise<Pool> => {
    opened ??= open(host, connection)
    return opened
  }
  const guarded = async <T>(work: (database: Pool) => Promise<T>): Promise<T> => {
    try {
      return await work(await pool())
    } catch (error) {
      throw databaseError(error)
    }
  }
  return {
    kind: undefined,
    maxBytes: Number.POSITIVE_INFINITY,
    list: (query) => guarded(async (database) => (await database.query<Row>(...selectRows(query))).rows.map(recordOf)),
    create: (record) => guarded((database) => inTransaction(database, (client) => insert(client, record))),
    update: (record) => guarded((database) => update(database, record)),
    delete: (namespace, name) => guarded((database) => inTransaction(database, (client) => remove(client, namespace, name))),
    close: async () => {
      if (opened) await (await opened).end()
    },
  }
}

async function open(host: Host, connection: string): Promise<Pool> {
  const config = sqlConnection(host, connection)
  const { default: pg } = await import('pg')
  const pool = new pg.Pool({ ...config, max: MAX_CONNECTIONS, allowExitOnIdle: true })
  // A connection that breaks while nobody uses it is replaced when one is needed.
  pool.on('error', () => {})
  try {
    await inTransaction(pool, migrate)
  } catch (error) {
    await pool.end()
    throw error
  }
  return pool
}

function databaseError(error: unknown): unknown {
  if (error instanceof DiagnosticError || !(error instanceof Error)) return error
  const text = error.message || (error instanceof AggregateError ? error.errors.map(String).join('; ') : error.name)
  return failure('release/database', `the database of release records: ${text}`, {
    hint: 'HELM_DRIVER_SQL_CONNECTION_STRING and the PG… variables say which database that is',
    cause: error,
  })
}

async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    client.release()
    return result
  } catch (error) {
    // A connection in an unknown state is not used again.
    client.release(true)
    throw error
  }
}

function selectRows({ namespace, release }: RecordQuery): [string, string[]] {
  const wanted = [
    { column: 'owner', value: OWNER },
    ...(namespace === undefined ? [] : [{ column: 'namespace', value: namespace }]),
    ...(release === undefined ? [] : [{ column: 'name', value: release }]),
  ]
  const where = wanted.map(({ column }, index) => `r.${column} = $${index + 1}`).join(' AND ')
  const labels = `SELECT json_object_agg(l.key, l.value) FROM custom_labels_v1 l WHERE l.releaseKey = r.key AND l.releaseNamespace = r.namespace`
  const columns = 'r.key, r.body, r.name, r.namespace, r.version, r.status, r.createdAt, r.modifiedAt'
  return [`SELECT ${columns}, (${labels}) AS labels FROM releases_v1 r WHERE ${where}`, wanted.map(({ value }) => value)]
}

function recordOf(row: Row): KubeObject {
  const labels = {
    ...row.labels,
    name: row.name,
    owner: OWNER,
    status: row.status,
    version: String(row.version),
    ...(row.modifiedat > 0 ? { modifiedAt: String(row.modifiedat) } : { createdAt: String(row.createdat) }),
  }
  const metadata = {
    name: row.key,
    namespace: row.namespace,
    labels,
    uid: `${row.namespace}/${row.key}/${row.createdat}`,
    resourceVersion: `${row.status}.${row.modifiedat}.${row.body.length}`,
  }
  return { apiVersion: 'v1', kind: 'Row', metadata, type: TYPE, data: { release: Buffer.from(row.body, 'latin1').toString('base64') } }
}

/** What the columns of a record hold. */
function columnsOf(record: KubeObject): {
  readonly key: string
  readonly namespace: string
  readonly body: string
  readonly labels: Readonly<Record<string, string>>
} {
  const { name = '', namespace = 'default', labels = {} } = record.metadata
  const { release } = record['data'] as { readonly release: string }
  return { key: name, namespace, body: Buffer.from(release, 'base64').toString('latin1'), labels }
}

async function insert(client: PoolClient, record: KubeObject): Promise<boolean> {
  const { key, namespace, body, labels } = columnsOf(record)
  const values = [key, TYPE, body, labels['name'], namespace, Number(labels['version']), labels['status'], OWNER, Number(labels['createdAt'])]
  const { rowCount } = await client.query(
    `INSERT INTO releases_v1 (key, type, body, name, namespace, version, status, owner, createdAt)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    values,
  )
  if (rowCount === 0) return false
  const own = Object.entries(labels).filter(([label]) => !isSystemLabel(label))
  for (const [label, value] of own) {
    await client.query('INSERT INTO custom_labels_v1 (releaseKey, releaseNamespace, key, value) VALUES ($1, $2, $3, $4)', [
      key,
      namespace,
      label,
      value,
    ])
  }
  return true
}

/** Labels of users stay as they were written first, as Helm leaves them. */
async function update(pool: Pool, record: KubeObject): Promise<void> {
  const { key, namespace, body, labels } = columnsOf(record)
  const { rowCount } = await pool.query(
    'UPDATE releases_v1 SET body = $1, name = $2, version = $3, status = $4, owner = $5, modifiedAt = $6 WHERE key = $7 AND namespace = $8',
    [body, labels['name'], Number(labels['version']), labels['status'], OWNER, Number(labels['modifiedAt']), key, namespace],
  )
  if (rowCount === 0) throw failure('release/record-gone', 'this release record was deleted meanwhile', { subject: `record ${namespace}/${key}` })
}

async function remove(client: PoolClient, namespace: string, key: string): Promise<boolean> {
  const { rowCount } = await client.query('DELETE FROM releases_v1 WHERE key = $1 AND namespace = $2', [key, namespace])
  await client.query('DELETE FROM custom_labels_v1 WHERE releaseKey = $1 AND releaseNamespace = $2', [key, namespace])
  return (rowCount ?? 0) > 0
}
