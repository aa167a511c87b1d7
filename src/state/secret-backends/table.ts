import { awsKmsBackend, awsObjectsBackend, awsParametersBackend, awsSecretsBackend } from './aws.ts'
import { azureKeyVaultBackend } from './azure.ts'
import type { SecretBackend } from './backend.ts'
import { bitwardenBackend } from './bitwarden.ts'
import { clusterBackend } from './cluster.ts'
import { conjurBackend } from './conjur.ts'
import { dopplerBackend } from './doppler.ts'
import { gitlabBackend } from './gitlab.ts'
import { googleKmsBackend, googleSecretsBackend, googleStorageBackend } from './google.ts'
import { httpJsonBackend } from './http-json.ts'
import { infisicalBackend } from './infisical.ts'
import { onePasswordConnectBackend } from './one-password-connect.ts'
import { keychainBackend, onePasswordBackend, programBackend } from './programs.ts'
import { scalewayBackend } from './scaleway.ts'
import { readStateFile, readStateOfGitlab, readStateOfGoogle, readStateOfS3, readStateOfWorkspace, terraformBackend } from './terraform.ts'
import { vaultBackend } from './vault.ts'

/** The servers, programs and states that references may name, by scheme. */
export const secretBackends: ReadonlyMap<string, SecretBackend> = new Map([
  ['vault', vaultBackend('VAULT')],
  ['openbao', vaultBackend('BAO')],
  ['gitlab', gitlabBackend],
  ['awssecrets', awsSecretsBackend],
  ['awsssm', awsParametersBackend],
  ['awskms', awsKmsBackend],
  ['s3', awsObjectsBackend],
  ['azurekeyvault', azureKeyVaultBackend],
  ['gcpsecrets', googleSecretsBackend],
  ['gcs', googleStorageBackend],
  ['gkms', googleKmsBackend],
  ['k8s', clusterBackend],
  ['onepasswordconnect', onePasswordConnectBackend],
  ['op', onePasswordBackend],
  ['bw', bitwardenBackend],
  ['doppler', dopplerBackend],
  ['conjur', conjurBackend],
  ['infisical', infisicalBackend],
  ['scw', scalewayBackend],
  ['httpjson', httpJsonBackend],
  ['tfstate', terraformBackend(readStateFile)],
  ['tfstates3', terraformBackend(readStateOfS3)],
  ['tfstategs', terraformBackend(readStateOfGoogle)],
  ['tfstategitlab', terraformBackend(readStateOfGitlab)],
  ['tfstateremote', terraformBackend(readStateOfWorkspace)],
  ['exec', programBackend],
  ['keychain', keychainBackend],
])
