import { failure } from '../../base/diagnostic.ts'
import type { Host } from '../../base/host.ts'

/** What one request carries to say who asks. `cert` and `key` are PEM texts. */
export interface Credential {
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly cert?: string
  readonly key?: string
}

/** One way to prove who asks. */
export interface Credentials {
  current(signal?: AbortSignal): Promise<Credential>
  /** Forgets what is cached, so that the next `current` gets it anew; false when that would change nothing. */
  refresh(): boolean
}

/** The header of a bearer token. */
export function bearer(token: string): Credential['headers'] {
  return { authorization: `Bearer ${token.trim()}` }
}

/**
 * A PEM text from base64 `data` or from `file`, undefined when neither is given. Data wins, as in client-go.
 *
 * @throws DiagnosticError `kube/bad-credentials` when the file cannot be read
 */
export function pem(host: Host, file: string | undefined, data: string | undefined, what: string): string | undefined {
  if (data !== undefined) return Buffer.from(data, 'base64').toString('latin1')
  if (file === undefined) return undefined
  try {
    return Buffer.from(host.fs.readFile(file)).toString('latin1')
  } catch (error) {
    throw failure('kube/bad-credentials', `the ${what} ${file} cannot be read`, { cause: error })
  }
}
