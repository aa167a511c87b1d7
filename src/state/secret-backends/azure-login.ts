import { valueAt } from '../../base/json.ts'
import { askServer, type Backend, jsonOf, loggedIn, parseJson, readSecretFile, requiredVariable, type SecretQuery, secretFailure } from './backend.ts'

const AUTHORITY = 'https://login.microsoftonline.com'
const METADATA = 'http://169.254.169.254/metadata/identity/oauth2/token'
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/**
 * A token for `resource` (`https://vault.azure.net`): of a client with its secret, a workload identity, a managed identity, or of
 * `az login`; `AZKV_AUTH` (workload, managed, cli) picks one.
 * @throws DiagnosticError `state/secret-ref`
 * Source: vals 0.46 pkg/providers/azurekeyvault, azure-sdk-for-go azidentity, Microsoft identity platform
 */
export function azureToken(by: Backend, query: SecretQuery, resource: string): Promise<string> {
  return loggedIn(by, `azure ${resource}`, () => logIn(by, query, resource))
}

function logIn(by: Backend, query: SecretQuery, resource: string): Promise<string> {
  const { env } = by.host
  switch (env['AZKV_AUTH'] || 'default') {
    case 'workload':
      return ofClient(by, query, resource, workloadProof(by, query))
    case 'managed':
      return ofMachine(by, query, resource)
    case 'cli':
      return ofProgram(by, query, resource)
    case 'default':
      if (env['AZURE_CLIENT_SECRET']) return ofClient(by, query, resource, { client_secret: env['AZURE_CLIENT_SECRET'] })
      if (env['AZURE_FEDERATED_TOKEN_FILE']) return ofClient(by, query, resource, workloadProof(by, query))
      return env['IDENTITY_ENDPOINT'] || env['AZURE_CLIENT_ID'] ? ofMachine(by, query, resource) : ofProgram(by, query, resource)
    default:
      throw secretFailure(query.uri, `AZKV_AUTH is "${env['AZKV_AUTH']}"`, 'set it to default, workload, managed or cli')
  }
}

function workloadProof(by: Backend, query: SecretQuery): Readonly<Record<string, string>> {
  const assertion = readSecretFile(by, requiredVariable(by, 'AZURE_FEDERATED_TOKEN_FILE', query), query).trim()
  return { client_assertion_type: ASSERTION, client_assertion: assertion }
}

async function ofClient(by: Backend, query: SecretQuery, resource: string, proof: Readonly<Record<string, string>>): Promise<string> {
  const authority = (by.host.env['AZURE_AUTHORITY_HOST'] || AUTHORITY).replace(/\/$/, '')
  const client = requiredVariable(by, 'AZURE_CLIENT_ID', query)
  const answer = await askServer(by, query, 'the login', {
    url: `${authority}/${requiredVariable(by, 'AZURE_TENANT_ID', query)}/oauth2/v2.0/token`,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: client, scope: `${resource}/.default`, ...proof }).toString(),
  })
  return tokenIn(jsonOf(answer, query)['access_token'], query)
}

async function ofMachine(by: Backend, query: SecretQuery, resource: string): Promise<string> {
  const { env } = by.host
  const client = env['AZURE_CLIENT_ID']
  const [endpoint, secret] = [env['IDENTITY_ENDPOINT'], env['IDENTITY_HEADER']]
  const isService = Boolean(endpoint && secret)
  const asked = new URLSearchParams({ 'api-version': isService ? '2019-08-01' : '2018-02-01', resource, ...(client && { client_id: client }) })
  const headers: Record<string, string> = isService ? { 'x-identity-header': secret as string } : { metadata: 'true' }
  const answer = await askServer(by, query, 'the managed identity', { url: `${isService ? endpoint : METADATA}?${asked}`, headers })
  return tokenIn(jsonOf(answer, query)['access_token'], query)
}

/** What `az` gives whoever is logged in with it. */
async function ofProgram({ host }: Backend, query: SecretQuery, resource: string): Promise<string> {
  const result = await host.run({ file: 'az', args: ['account', 'get-access-token', '--output', 'json', '--resource', resource] })
  const hint = `log in with az, or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET`
  if (result.code !== 0) throw secretFailure(query.uri, 'nobody is logged in to Azure', hint)
  return tokenIn(valueAt(parseJson(Buffer.from(result.stdout).toString('utf8'), 'what az prints', query), 'accessToken'), query)
}

function tokenIn(token: unknown, { uri }: SecretQuery): string {
  if (typeof token === 'string' && token !== '') return token
  throw secretFailure(uri, 'the login brought no token')
}
