import { azureToken } from './azure-login.ts'
import { askServer, jsonOf, type SecretBackend, secretFailure, yamlBackend } from './backend.ts'

const API_VERSION = '7.4'

/** Where vaults are, and what their tokens are for. */
const CLOUDS: readonly string[] = ['vault.azure.net', 'vault.azure.cn', 'vault.usgovcloudapi.net']

/**
 * Secrets of Azure Key Vault: `VAULT/NAME` or `VAULT/NAME/VERSION`; a vault with a dot in its name is a whole host name.
 * Source: vals 0.46 pkg/providers/azurekeyvault, Azure's REST API for Key Vault
 */
export const azureKeyVaultBackend: SecretBackend = yamlBackend(async (by, query) => {
  const [vault, name, version = '', ...more] = query.path.replace(/\/$/, '').split('/')
  if (!vault || !name || more.length > 0) throw secretFailure(query.uri, `invalid path "${query.path}"`, 'write VAULT/NAME or VAULT/NAME/VERSION')
  const host = vault.includes('.') ? vault : `${vault}.vault.azure.net`
  const cloud = CLOUDS.find((suffix) => host.endsWith(`.${suffix}`)) ?? 'vault.azure.net'
  const authorization = `Bearer ${await azureToken(by, query, `https://${cloud}`)}`
  const url = `https://${host}/secrets/${encodeURIComponent(name)}/${encodeURIComponent(version)}?api-version=${API_VERSION}`
  const { value } = jsonOf(await askServer(by, query, 'Azure Key Vault', { url, authorization }), query)
  return typeof value === 'string' ? value : ''
})
