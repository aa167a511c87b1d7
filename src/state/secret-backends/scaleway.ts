import { askServer, jsonOf, requiredVariable, type SecretBackend, secretFailure, yamlBackend } from './backend.ts'

/**
 * Secrets of Scaleway's Secret Manager, the latest version: `ID`, or `/FOLDER/NAME`. Asked with `SCW_SECRET_KEY` in `SCW_REGION`.
 * Source: vals 0.46 pkg/providers/scaleway, Scaleway's API secret-manager/v1beta1
 */
export const scalewayBackend: SecretBackend = yamlBackend(async (by, query) => {
  const { env } = by.host
  const region = env['SCW_REGION'] || env['SCW_DEFAULT_REGION']
  if (!region) throw secretFailure(query.uri, 'no region is named', 'set SCW_REGION')
  const base = `${env['SCW_API_URL'] || 'https://api.scaleway.com'}/secret-manager/v1beta1/regions/${region}`
  const slash = query.path.lastIndexOf('/')
  const byPath = new URLSearchParams({
    secret_path: query.path.slice(0, slash),
    secret_name: query.path.slice(slash + 1),
    project_id: env['SCW_PROJECT_ID'] || env['SCW_DEFAULT_PROJECT_ID'] || '',
  })
  const url = query.path.startsWith('/')
    ? `${base}/secrets-by-path/versions/latest/access?${byPath}`
    : `${base}/secrets/${encodeURIComponent(query.path)}/versions/latest/access`
  const secretHeaders = { 'x-auth-token': requiredVariable(by, 'SCW_SECRET_KEY', query) }
  const { data } = jsonOf(await askServer(by, query, 'Scaleway', { url, secretHeaders }), query)
  return Buffer.from(String(data ?? ''), 'base64').toString('utf8')
})
