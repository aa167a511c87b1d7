import { valueAt } from '../../base/json.ts'
import { jsonOf, type SecretBackend, secretFailure, yamlBackend } from './backend.ts'

const KINDS: readonly string[] = ['username', 'password', 'uri', 'notes', 'item']

/**
 * Items of a Bitwarden vault that `bw serve` has open: `ID` for the password, `ID/username`, `ID/uri`, `ID/notes`.
 * Source: vals 0.46 pkg/providers/bitwarden
 */
export const bitwardenBackend: SecretBackend = yamlBackend(async (by, query) => {
  const [id, kind = 'password'] = query.path.split('/')
  if (!id || !KINDS.includes(kind)) throw secretFailure(query.uri, `invalid path "${query.path}"`, `write ID/KIND, with one of ${KINDS.join(', ')}`)
  const address = query.query.get('address') || by.host.env['BW_API_ADDR'] || 'http://localhost:8087'
  const url = `${address}/object/${kind}/${encodeURIComponent(id)}`
  const answer = jsonOf(await by.fetcher.fetch({ url, headers: { 'content-type': 'application/json' }, maxBytes: 1024 * 1024 }), query)
  if (answer['success'] !== true) throw secretFailure(query.uri, `Bitwarden refuses: ${String(answer['message'] ?? 'no reason given')}`)
  const value = valueAt(answer['data'], 'data')
  return typeof value === 'string' ? value : ''
})
