import { failure } from '../../base/diagnostic.ts'
import type { Host } from '../../base/host.ts'
import { badConfig, type Fields, fieldsOf, listOf, readToml, textOf } from './read-config.ts'
import { API, type RegistryPlace, type RegistryPlaces, type RepositoryName } from './registry-place.ts'

/**
 * Where registries are by the `registries.conf` at `path`.
 * @throws DiagnosticError `supply/bad-config`, and (later) `supply/not-allowed` for what is blocked
 */
export function placesOfRegistriesConf(host: Host, path: string): RegistryPlaces {
  const entries = readRegistriesConf(host, path)
  return (name) => placesOfConf(entries, name)
}

interface ConfEntry {
  readonly prefix: string
  /** What stands in place of the prefix; the prefix itself when absent. */
  readonly location: string | undefined
  readonly insecure: boolean
  readonly blocked: boolean
  readonly mirrors: readonly { readonly location: string; readonly insecure: boolean; readonly pull: string }[]
}

function readRegistriesConf(host: Host, path: string): readonly ConfEntry[] {
  const { registry } = readToml(host, path)
  const entries = listOf(registry).map((item) => confEntry(fieldsOf(item), path))
  // The longest prefix decides; names come before patterns of hosts.
  return entries.toSorted((a, b) => Number(a.prefix.startsWith('*.')) - Number(b.prefix.startsWith('*.')) || b.prefix.length - a.prefix.length)
}

function confEntry(fields: Fields, path: string): ConfEntry {
  const location = textOf(fields['location'])
  const prefix = textOf(fields['prefix']) ?? location
  if (prefix === undefined) throw badConfig(path, 'has a registry without prefix and location')
  const digestsOnly = fields['mirror-by-digest-only'] === true
  const mirrors = listOf(fields['mirror']).flatMap((item) => {
    const mirror = fieldsOf(item)
    const at = textOf(mirror['location'])
    const pull = textOf(mirror['pull-from-mirror']) ?? (digestsOnly ? 'digest-only' : 'all')
    return at === undefined ? [] : [{ location: at, insecure: mirror['insecure'] === true, pull }]
  })
  return { prefix, location, insecure: fields['insecure'] === true, blocked: fields['blocked'] === true, mirrors }
}

function placesOfConf(entries: readonly ConfEntry[], { registry, repository }: RepositoryName): readonly RegistryPlace[] {
  const name = `${registry}/${repository}`
  for (const { prefix, location, insecure, blocked, mirrors } of entries) {
    const rest = restBehind(prefix, name)
    if (rest === undefined) continue
    if (blocked)
      throw failure('supply/not-allowed', `oci://${name} is blocked in registries.conf`, { hint: 'use another registry, or ask who blocked it' })
    const ownLocation = location === undefined || prefix.startsWith('*.') ? name : `${location}${rest}`
    return [
      ...mirrors.flatMap((mirror) => placesAt(`${mirror.location}${rest}`, mirror.insecure, mirror.pull)),
      ...placesAt(ownLocation, insecure, 'all'),
    ]
  }
  return []
}

/** What follows `prefix` (or a host that fits `*.domain`) in `name`; undefined when `name` does not begin with it. */
function restBehind(prefix: string, name: string): string | undefined {
  if (prefix.startsWith('*.')) {
    const slash = name.indexOf('/')
    return name.slice(0, slash).endsWith(prefix.slice(1)) ? name.slice(slash) : undefined
  }
  const rest = name.slice(prefix.length)
  return name.startsWith(prefix) && /^(?:$|\/)/.test(rest) ? rest : undefined
}

/** Where checking is off, the way without TLS is tried when the one with it is not there. */
function placesAt(location: string, insecure: boolean, pull: string): readonly RegistryPlace[] {
  const slash = location.indexOf('/')
  const place: RegistryPlace = {
    ...{ registry: slash < 0 ? location : location.slice(0, slash), repository: location.slice(slash + 1), root: API },
    ...{ plainHttp: false, tags: pull !== 'digest-only', digests: pull !== 'tag-only' },
  }
  return insecure
    ? [
        { ...place, trust: { skipTlsVerify: true } },
        { ...place, plainHttp: true },
      ]
    : [place]
}
