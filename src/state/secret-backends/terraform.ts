import { join } from 'node:path'
import { valueAt } from '../../base/json.ts'
import { readAwsObject } from './aws-request.ts'
import {
  askServer,
  type Backend,
  jsonOf,
  parseJson,
  readSecretFile,
  type SecretBackend,
  type SecretQuery,
  secretFailure,
  textBackend,
} from './backend.ts'
import { readGoogleObject } from './google.ts'
import { lookUpState } from './terraform-state.ts'

/** The text of a state; `query.path` names the state alone. */
type ReadState = (by: Backend, query: SecretQuery) => string | Promise<string>

/**
 * Values of Terraform and OpenTofu states: `WHERE-THE-STATE-IS/ADDRESS`.
 * Source: vals 0.46 pkg/providers/tfstate
 */
export function terraformBackend(read: ReadState): SecretBackend {
  return textBackend(async (by, query) => {
    const slash = query.path.lastIndexOf('/')
    if (slash < 0) throw secretFailure(query.uri, `invalid path "${query.path}"`, 'write the state, a slash, and an address as in output.name')
    return lookUpState(await read(by, { ...query, path: query.path.slice(0, slash) }), query.path.slice(slash + 1), query)
  })
}

/** A file. */
export const readStateFile: ReadState = (by, query) => readSecretFile(by, query.path, query)

/** `BUCKET/KEY` of S3. */
export const readStateOfS3: ReadState = (by, query) => {
  const profile = query.query.get('aws_profile')
  return readAwsObject(by, profile ? { ...query, query: new URLSearchParams({ profile }) } : query)
}

/** `BUCKET/NAME` of Google Cloud Storage. */
export const readStateOfGoogle: ReadState = readGoogleObject

/** `HOST/api/v4/projects/ID/terraform/state/NAME` of GitLab. */
export const readStateOfGitlab: ReadState = async (by, query) => {
  const setting = (option: string, variable: string): string => query.query.get(option) || (by.host.env[variable] ?? '')
  const [user, token] = [setting('gitlab_user', 'GITLAB_USER'), setting('gitlab_token', 'GITLAB_TOKEN')]
  const authorization = user && token ? `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}` : undefined
  const scheme = query.query.get('gitlab_scheme') === 'http' ? 'http' : 'https'
  const request = { url: `${scheme}://${query.path}`, ...(authorization !== undefined && { authorization }) }
  return (await askServer(by, query, 'GitLab', request)).body.toString('utf8')
}

/** `HOST/ORGANIZATION/WORKSPACE` of HCP Terraform or Terraform Enterprise. */
export const readStateOfWorkspace: ReadState = async (by, query) => {
  const [host, organization, workspace, ...more] = query.path.split('/')
  if (!host || !organization || !workspace || more.length > 0)
    throw secretFailure(query.uri, `invalid path "${query.path}"`, 'write HOST/ORGANIZATION/WORKSPACE/ADDRESS')
  const token = terraformToken(by, query, host)
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const api = async (path: string): Promise<unknown> =>
    jsonOf(await askServer(by, query, 'Terraform', { url: `https://${host}/api/v2/${path}`, ...authorization }), query)['data']
  const id = valueAt(await api(`organizations/${organization}/workspaces/${workspace}`), 'id')
  const url = valueAt(await api(`workspaces/${String(id)}/current-state-version`), 'attributes', 'hosted-state-download-url')
  if (typeof url !== 'string') throw secretFailure(query.uri, 'the workspace has no state')
  return (await askServer(by, query, 'Terraform', { url, ...authorization })).body.toString('utf8')
}

/** The token for a server: of the reference, of `TFE_TOKEN`, or of what `terraform login` wrote. */
function terraformToken(by: Backend, query: SecretQuery, host: string): string | undefined {
  const { env, homeDir, fs } = by.host
  const given = query.query.get('tfe_token') || env['TFE_TOKEN']
  if (given) return given
  const named = query.query.get('tfe_credentials_file')
  const usual = [join(homeDir, '.terraform.d'), ...(env['XDG_CONFIG_HOME'] ? [join(env['XDG_CONFIG_HOME'], 'opentofu')] : [])]
  const files = named ? [named] : usual.map((folder) => join(folder, 'credentials.tfrc.json')).filter((path) => fs.stat(path)?.kind === 'file')
  const tokens = files.map((path) => valueAt(parseJson(readSecretFile(by, path, query), path, query), 'credentials', host.toLowerCase(), 'token'))
  return tokens.find((token) => typeof token === 'string' && token !== '') as string | undefined
}
