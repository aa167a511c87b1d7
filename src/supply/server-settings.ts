import type { Host } from '../base/host.ts'
import { publicUrl } from './public-url.ts'
import { askHelper } from './registry-credentials.ts'
import { registryPlaces } from './registry-places/registry-places.ts'
import type { SupplyLine } from './remote-content.ts'

/** What the settings say of the servers that charts come from. */
export interface ServerSettings {
  /** Absolute path of what `registryPlaces` reads. */
  readonly registries?: string
  /** Names of credential helpers (`docker-credential-<name>`) by the beginning of the URLs they are asked for. */
  readonly credentialHelpers?: Readonly<Record<string, string>>
  /** How much the cache of what they gave may hold. */
  readonly cacheMegabytes?: number
}

/** How a run reaches servers by these settings. @throws DiagnosticError `supply/bad-config` */
export function serverDetails(host: Host, { registries, credentialHelpers = {} }: ServerSettings = {}): Pick<SupplyLine, 'places' | 'authorization'> {
  const isHelped = Object.keys(credentialHelpers).length > 0
  return {
    ...(registries === undefined ? {} : { places: registryPlaces(host, registries) }),
    ...(isHelped ? { authorization: helpedAuthorization(host, credentialHelpers) } : {}),
  }
}

/** Each helper is asked once, and again when what it gave is refused. */
function helpedAuthorization(host: Host, helpers: Readonly<Record<string, string>>): NonNullable<SupplyLine['authorization']> {
  const byLength = Object.entries(helpers).toSorted(([a], [b]) => b.length - a.length)
  const known = new Map<string, Promise<string | undefined>>()
  return async (url, renew) => {
    const [start, helper] = byLength.find(([beginning]) => isUnder(url, beginning)) ?? []
    if (start === undefined || helper === undefined) return undefined
    const pending = (renew ? undefined : known.get(start)) ?? headerFrom(host, helper, start)
    known.set(start, pending)
    return pending
  }
}

function isUnder(url: string, beginning: string): boolean {
  const start = beginning.replace(/\/+$/, '')
  const shown = publicUrl(url)
  return shown === start || shown.startsWith(`${start}/`)
}

/** A user called `<token>` stands for a bearer token, as it does for registries. */
async function headerFrom(host: Host, helper: string, key: string): Promise<string | undefined> {
  const credential = await askHelper(host, helper, key)
  if (credential === undefined) return undefined
  if (credential.identityToken !== undefined) return `Bearer ${credential.identityToken}`
  return `Basic ${Buffer.from(`${credential.username}:${credential.password}`).toString('base64')}`
}
