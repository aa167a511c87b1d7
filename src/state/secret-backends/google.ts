import { valueAt } from '../../base/json.ts'
import type { Fetched } from '../../supply/fetcher.ts'
import { isTrue } from '../true-words.ts'
import { askServer, type Backend, jsonOf, type SecretBackend, type SecretQuery, secretFailure, yamlBackend } from './backend.ts'
import { googleToken } from './google-login.ts'

/**
 * Secrets of Google's Secret Manager: `PROJECT/NAME`, or `NAME` with `GCP_PROJECT`; `version`, `optional`, `fallback_value` and
 * `trim_nl` as options.
 * Source: vals 0.46 pkg/providers/gcpsecrets, Google's REST API secretmanager v1
 */
export const googleSecretsBackend: SecretBackend = yamlBackend(async (by, query) => {
  const options = query.query
  const slash = query.path.indexOf('/')
  const project = slash < 0 ? (by.host.env['GCP_PROJECT'] ?? '') : query.path.slice(0, slash)
  const path = `projects/${project}/secrets/${query.path.slice(slash + 1)}/versions/${options.get('version') || 'latest'}`
  const answer = await askGoogle(by, query, `https://secretmanager.googleapis.com/v1/${path}:access`)
  if (answer.status !== 200) {
    if (isTrue(options.get('optional') ?? undefined)) return ''
    const fallback = options.get('fallback_value')
    if (fallback !== null) return fallback
    throw secretFailure(query.uri, `Google answered with status ${answer.status}`)
  }
  const text = base64(valueAt(jsonOf(answer, query), 'payload', 'data'))
  return isTrue(options.get('trim_nl') ?? undefined) ? text.replace(/\n$/, '') : text
})

/** Objects of Google Cloud Storage: `BUCKET/NAME`, with `generation` as an option. Source: vals 0.46 pkg/providers/gcs */
export const googleStorageBackend: SecretBackend = yamlBackend(readGoogleObject)

/** The object at `BUCKET/NAME` as a text. @throws DiagnosticError `state/secret-ref` */
export async function readGoogleObject(by: Backend, query: SecretQuery): Promise<string> {
  const slash = query.path.indexOf('/')
  if (slash < 1) throw secretFailure(query.uri, `invalid path "${query.path}"`, 'write BUCKET/NAME')
  const [bucket, name] = [query.path.slice(0, slash), query.path.slice(slash + 1)].map(encodeURIComponent)
  const generation = query.query.get('generation')
  const asked = new URLSearchParams({ alt: 'media', ...(generation && { generation }) })
  const answer = await askGoogle(by, query, `https://storage.googleapis.com/storage/v1/b/${bucket}/o/${name}?${asked}`)
  if (answer.status !== 200) throw secretFailure(query.uri, `Google answered with status ${answer.status}`)
  return answer.body.toString('utf8')
}

/**
 * What Google's Cloud KMS decrypts: base64 for URLs, with `project`, `location`, `keyring` and `crypto_key` as options.
 * Source: vals 0.46 pkg/providers/gkms
 */
export const googleKmsBackend: SecretBackend = yamlBackend(async (by, query) => {
  const part = (name: string): string => encodeURIComponent(query.query.get(name) ?? '')
  const key = `projects/${part('project')}/locations/${part('location')}/keyRings/${part('keyring')}/cryptoKeys/${part('crypto_key')}`
  const answer = await askServer(by, query, 'Google', {
    url: `https://cloudkms.googleapis.com/v1/${key}:decrypt`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ciphertext: Buffer.from(query.path, 'base64url').toString('base64') }),
    authorization: `Bearer ${await googleToken(by, query)}`,
  })
  return base64(jsonOf(answer, query)['plaintext'])
})

async function askGoogle(by: Backend, query: SecretQuery, url: string): Promise<Fetched> {
  return by.fetcher.fetch({ url, authorization: `Bearer ${await googleToken(by, query)}`, maxBytes: 4 * 1024 * 1024 })
}

function base64(value: unknown): string {
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : ''
}
