import { join } from 'node:path'
import type { Host } from './host.ts'

/** As whom AWS is asked. */
export interface AwsKeys {
  readonly id: string
  readonly key: string
  /** The token of keys that expire. */
  readonly session: string | undefined
}

/**
 * The keys of `profile`; without one those of the usual variables, else of the profile that `AWS_PROFILE` names. Undefined where there
 * are none.
 * Source: AWS SDKs and Tools Reference, shared config and credentials files
 */
export function awsKeys(host: Host, profile?: string): AwsKeys | undefined {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: key, AWS_SESSION_TOKEN: session, AWS_PROFILE: usual } = host.env
  if (!profile && id && key) return { id, key, session }
  const found = profileOf(host, profile || usual || 'default')
  const [storedId, storedKey] = [found.get('aws_access_key_id'), found.get('aws_secret_access_key')]
  return storedId && storedKey ? { id: storedId, key: storedKey, session: found.get('aws_session_token') } : undefined
}

/** The entries of one section of the shared credentials file. */
function profileOf({ env, fs, homeDir }: Host, wanted: string): ReadonlyMap<string, string> {
  const path = env['AWS_SHARED_CREDENTIALS_FILE'] || join(homeDir, '.aws/credentials')
  const entries = new Map<string, string>()
  if (fs.stat(path)?.kind !== 'file') return entries
  let section = ''
  for (const line of fs
    .readText(path)
    .split('\n')
    .map((text) => text.trim())) {
    if (line.startsWith('[') && line.endsWith(']')) section = line.slice(1, -1).trim()
    const equals = line.indexOf('=')
    if (section === wanted && equals > 0) entries.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim())
  }
  return entries
}
