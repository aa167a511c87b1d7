import { failure } from '../../base/diagnostic.ts'
import type { Host } from '../../base/host.ts'
import { bearer, type Credential, type Credentials } from './credential.ts'

/** Mounted tokens rotate; client-go reads them again after this long. */
const REREAD_AFTER_MS = 60_000

/**
 * A bearer token that a file holds, read again each minute and after a refusal.
 *
 * @throws DiagnosticError `kube/bad-credentials` when the file cannot be read
 */
export function tokenFileCredentials(host: Host, file: string): Credentials {
  let known: { readonly credential: Credential; readonly readAt: number } | undefined
  return {
    current: () => {
      if (known === undefined || host.now() - known.readAt > REREAD_AFTER_MS)
        known = { credential: { headers: bearer(readToken(host, file)) }, readAt: host.now() }
      return Promise.resolve(known.credential)
    },
    refresh: () => {
      known = undefined
      return true
    },
  }
}

function readToken(host: Host, file: string): string {
  try {
    return host.fs.readText(file)
  } catch (error) {
    throw failure('kube/bad-credentials', `the token file ${file} cannot be read`, { cause: error })
  }
}
