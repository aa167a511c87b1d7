import { askServer, type Backend, jsonOf, mapOfText, requiredVariable, type SecretBackend, type SecretQuery, secretFailure } from './backend.ts'

/**
 * CI variables of a GitLab project or group: `HOST/ID/NAME`, `HOST/projects/ID/NAME` or `HOST/groups/ID/NAME`, with `GITLAB_TOKEN`.
 * Source: vals 0.46 pkg/providers/gitlab, but `ssl_verify=false` alone switches verifying off.
 */
export const gitlabBackend: SecretBackend = {
  text: readVariable,
  map: async (by, query) => mapOfText(await readVariable(by, query), query),
}

async function readVariable(by: Backend, query: SecretQuery): Promise<string> {
  const token = requiredVariable(by, 'GITLAB_TOKEN', query)
  const options = query.query
  const base = `${options.get('scheme') || 'https'}://`
  const [host = '', kind = '', id = '', name = ''] = partsOf(query)
  const url = `${base}${host}/api/${options.get('api_version') || 'v4'}/${kind}/${encodeURIComponent(id)}/variables/${encodeURIComponent(name)}`
  const trust = options.get('ssl_verify') === 'false' ? { trust: { skipTlsVerify: true } } : {}
  const { value } = jsonOf(await askServer(by, query, 'GitLab', { url, headers: { 'private-token': token }, ...trust }), query)
  return typeof value === 'string' ? value : ''
}

function partsOf({ path, uri }: SecretQuery): readonly string[] {
  const parts = path.split('/')
  if (parts.length === 3) return [parts[0] as string, 'projects', ...parts.slice(1)]
  if (parts.length === 4 && (parts[1] === 'projects' || parts[1] === 'groups')) return parts
  throw secretFailure(uri, `invalid key format "${path}"`, 'write HOST/projects/ID/NAME or HOST/groups/ID/NAME')
}
