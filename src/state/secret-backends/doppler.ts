import { isObject, textOf, valueAt } from '../../base/json.ts'
import { encodeJson } from '../../go/json-encode.ts'
import type { GoMap } from '../../go/values.ts'
import { askServer, type Backend, jsonOf, type SecretBackend, type SecretQuery, secretFailure } from './backend.ts'

const OWN_NAMES: readonly string[] = ['DOPPLER_PROJECT', 'DOPPLER_CONFIG', 'DOPPLER_ENVIRONMENT']

/**
 * Secrets of Doppler: `PROJECT/CONFIG/NAME` with `DOPPLER_TOKEN`; without a name all of them as JSON.
 * Source: vals 0.46 pkg/providers/doppler
 */
export const dopplerBackend: SecretBackend = {
  text: async (by, query) => {
    const [project = '', config = '', name = '', ...more] = query.path.split('/')
    if (query.path.split('/').length < 3 || more.length > 0)
      throw secretFailure(query.uri, `invalid path "${query.path}"`, 'write PROJECT/CONFIG/NAME, or //NAME for those of the variables')
    const secrets = await readSecrets(by, query, { project, config })
    if (name === '') return encodeJson(secrets)
    const value = secrets.get(name)
    if (typeof value !== 'string') throw secretFailure(query.uri, `there is no secret "${name}"`)
    return value
  },
  map: (by, query) => readSecrets(by, query, { project: '', config: '' }),
}

async function readSecrets(
  by: Backend,
  query: SecretQuery,
  { project, config }: { readonly project: string; readonly config: string },
): Promise<GoMap> {
  const { env } = by.host
  const option = (name: string, variable: string): string => query.query.get(name) || (env[variable] ?? '')
  const host = query.query.get('host')
  const address = query.query.get('address') || (host ? `${query.query.get('proto') || 'https'}://${host}` : env['DOPPLER_API_ADDR'])
  const token = option('token', 'DOPPLER_TOKEN')
  if (!token) throw secretFailure(query.uri, 'there is no token', 'set DOPPLER_TOKEN')
  const asked = new URLSearchParams({
    project: project || option('project', 'DOPPLER_PROJECT'),
    config: config || option('config', 'DOPPLER_ENVIRONMENT'),
    include_dynamic_secrets: 'false',
  })
  const answer = await askServer(by, query, 'Doppler', {
    url: `${(address || 'https://api.doppler.com').replace(/\/$/, '')}/v3/configs/config/secrets?${asked}`,
    headers: { accept: 'application/json' },
    authorization: `Bearer ${token}`,
    ...(query.query.has('no_verify_tls') && { trust: { skipTlsVerify: true } }),
  })
  const { secrets } = jsonOf(answer, query)
  const wanted = Object.entries(isObject(secrets) ? secrets : {}).filter(
    ([name]) => query.query.has('include_doppler_defaults') || !OWN_NAMES.includes(name),
  )
  return new Map(wanted.map(([name, secret]) => [name, textOf(valueAt(secret, 'computed'))]))
}
