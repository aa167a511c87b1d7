import { awsParametersBackend, awsSecretsBackend } from './aws.ts'
import type { SecretBackend } from './backend.ts'
import { clusterBackend } from './cluster.ts'
import { gitlabBackend } from './gitlab.ts'
import { vaultBackend } from './vault.ts'

/** The servers that references may name, by scheme. */
export const secretBackends: ReadonlyMap<string, SecretBackend> = new Map([
  ['vault', vaultBackend('VAULT')],
  ['openbao', vaultBackend('BAO')],
  ['gitlab', gitlabBackend],
  ['awssecrets', awsSecretsBackend],
  ['awsssm', awsParametersBackend],
  ['k8s', clusterBackend],
])
