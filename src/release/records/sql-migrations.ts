import type { PoolClient } from 'pg'

interface Migration {
  readonly id: string
  readonly statements: readonly string[]
}

/** Helm's tables, step by step, under Helm's names. Source: Helm 4.3.1 pkg/storage/driver/sql.go ensureDBSetup */
const MIGRATIONS: readonly Migration[] = [
  {
    id: 'init',
    statements: [
      `CREATE TABLE releases_v1 (
        key VARCHAR(90),
        type VARCHAR(64) NOT NULL,
        body TEXT NOT NULL,
        name VARCHAR(64) NOT NULL,
        namespace VARCHAR(64) NOT NULL,
        version INTEGER NOT NULL,
        status TEXT NOT NULL,
        owner TEXT NOT NULL,
        createdAt INTEGER NOT NULL,
        modifiedAt INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (key, namespace)
      )`,
      'CREATE INDEX ON releases_v1 (key, namespace)',
      'CREATE INDEX ON releases_v1 (version)',
      'CREATE INDEX ON releases_v1 (status)',
      'CREATE INDEX ON releases_v1 (owner)',
      'CREATE INDEX ON releases_v1 (createdAt)',
      'CREATE INDEX ON releases_v1 (modifiedAt)',
      'GRANT ALL ON releases_v1 TO PUBLIC',
      'ALTER TABLE releases_v1 ENABLE ROW LEVEL SECURITY',
    ],
  },
  {
    id: 'custom_labels',
    statements: [
      `CREATE TABLE custom_labels_v1 (
        releaseKey VARCHAR(64),
        releaseNamespace VARCHAR(67),
        key VARCHAR(317),
        value VARCHAR(63)
      )`,
      'CREATE INDEX ON custom_labels_v1 (releaseKey, releaseNamespace)',
      'GRANT ALL ON custom_labels_v1 TO PUBLIC',
      'ALTER TABLE custom_labels_v1 ENABLE ROW LEVEL SECURITY',
    ],
  },
]

/** Any number that nobody else locks. */
const LOCK = 0x666c6f74

/** Makes what is missing of Helm's tables, within the transaction of `client`; of several who try at once, one does. */
export async function migrate(client: PoolClient): Promise<void> {
  if ((await missing(client)).length === 0) return
  await client.query('SELECT pg_advisory_xact_lock($1)', [LOCK])
  await client.query('CREATE TABLE IF NOT EXISTS gorp_migrations (id text NOT NULL PRIMARY KEY, applied_at timestamp with time zone)')
  for (const { id, statements } of await missing(client)) {
    for (const statement of statements) await client.query(statement)
    await client.query('INSERT INTO gorp_migrations (id, applied_at) VALUES ($1, now())', [id])
  }
}

async function missing(client: PoolClient): Promise<readonly Migration[]> {
  const { rows: tables } = await client.query<{ readonly there: boolean }>(`SELECT to_regclass('gorp_migrations') IS NOT NULL AS there`)
  if (!tables[0]?.there) return MIGRATIONS
  const { rows } = await client.query<{ readonly id: string }>('SELECT id FROM gorp_migrations')
  const applied = new Set(rows.map(({ id }) => id))
  return MIGRATIONS.filter(({ id }) => !applied.has(id))
}
