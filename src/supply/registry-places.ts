import { isAbsolute, join, resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { type Plain, toPlain } from '../go/plain.ts'
import { decodeToml } from '../go/toml-decode.ts'
import { GoError } from '../go/values.ts'
import type { Trust } from './fetcher.ts'

/** A server that is asked for what a registry holds: a mirror, or the registry under another address. */
export interface RegistryPlace {
  /** `host` or `host:port`. */
  readonly registry: string
  readonly plainHttp: boolean
  /** Where the API begins: `/v2/`. */
  readonly root: string
  /** What the repository is called there. */
  readonly repository: string
  readonly trust?: Trust
  readonly headers?: Readonly<Record<string, string>>
  /** The registry it stands for, which mirrors of several want to be told. */
  readonly namespace?: string
  /** Whether it may be asked what a tag means, and for contents by digest. */
  readonly tags: boolean
  readonly digests: boolean
}

/** A repository of a registry. */
export interface RepositoryName {
  readonly registry: string
  readonly repository: string
}

/**
 * The servers that hold a repository, in the order in which they are asked; empty when nothing is said of its registry.
 * @throws DiagnosticError `supply/not-allowed` for what is blocked, `supply/bad-config`
 */
export type RegistryPlaces = (name: RepositoryName) => readonly RegistryPlace[]

const HUB = 'docker.io'
const API = '/v2/'

/**
 * Where `path` says that registries are to be found: containerd's folder of `hosts.toml` files, a `registries.conf` of Podman and
 * Skopeo (version 2), or Docker's `daemon.json`.
 *
 * @throws (later) DiagnosticError `supply/bad-config`, `supply/not-allowed`
 * Source: containerd 2.1 docs/hosts.md, core/remotes/docker/config/hosts.go; containers-registries.conf(5); Docker's daemon reference
 */
export function registryPlaces(host: Host, path: string): RegistryPlaces {
  const kind = host.fs.stat(path)?.kind
  if (kind === undefined) throw badConfig(path, 'does not exist')
  if (kind === 'directory') return (name) => placesOfFolder(host, path, name)
  if (path.endsWith('.json')) return placesOfDocker(readJson(host, path), path)
  const entries = readRegistriesConf(host, path)
  return (name) => placesOfConf(entries, name)
}

function badConfig(path: string, why: string, cause?: unknown): Error {
  return failure('supply/bad-config', `${path} ${why}`, {
    hint: "charts.registries in the settings names containerd's folder certs.d, a registries.conf or a daemon.json",
    ...(cause === undefined ? {} : { cause }),
  })
}

interface Fields {
  readonly [name: string]: Plain
}

function fieldsOf(value: Plain | undefined): Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {}
}

function textOf(value: Plain | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function listOf(value: Plain | undefined): readonly Plain[] {
  return Array.isArray(value) ? value : []
}

function readToml(host: Host, path: string): Fields {
  try {
    return fieldsOf(toPlain(decodeToml(host.fs.readText(path))))
  } catch (cause) {
    if (cause instanceof GoError) throw badConfig(path, `cannot be read: ${cause.message}`, cause)
    throw cause
  }
}

function readJson(host: Host, path: string): Fields {
  try {
    return fieldsOf(JSON.parse(host.fs.readText(path)) as Plain)
  } catch (cause) {
    throw badConfig(path, 'cannot be read', cause)
  }
}

/** A server as people write it: with or without scheme, port and path. */
function serverOf(text: string, file: string): URL {
  const address = /^https?:\/\//i.test(text) ? text : `https://${text}`
  if (URL.canParse(address)) return new URL(address)
  throw badConfig(file, `names a server by what is no URL: ${text}`)
}

function placesOfDocker(content: Fields, path: string): RegistryPlaces {
  const mirrors = listOf(content['registry-mirrors']).map((mirror) => serverOf(String(mirror), path))
  return ({ registry, repository }) => {
    if (registry !== HUB || mirrors.length === 0) return []
    const places = mirrors.map(({ protocol, host, pathname }) => ({
      ...{ registry: host, repository, plainHttp: protocol === 'http:', tags: true, digests: true },
      root: `${pathname.replace(/\/+$/, '')}${API}`,
    }))
    return [...places, itself({ registry, repository })]
  }
}

function itself({ registry, repository }: RepositoryName): RegistryPlace {
  return { registry, repository, plainHttp: false, root: API, tags: true, digests: true }
}

function placesOfFolder(host: Host, folder: string, name: RepositoryName): readonly RegistryPlace[] {
  const { registry } = name
  const withPort = registry.replace(/:([0-9]+)$/, '_$1_')
  const file = [...new Set([withPort, registry, '_default'])].map((entry) => join(folder, entry, 'hosts.toml')).find((path) => host.fs.stat(path))
  if (file === undefined) return []
  const { host: mirrors, ...own } = readToml(host, file)
  const places = Object.entries(fieldsOf(mirrors)).map(([server, settings]) => placeOfHost(file, name, server, fieldsOf(settings)))
  const server = textOf(own['server'])
  return [...places, server === undefined ? itself(name) : placeOfHost(file, name, server, own)]
}

function placeOfHost(file: string, { registry, repository }: RepositoryName, server: string, settings: Fields): RegistryPlace {
  const { protocol, host, pathname } = serverOf(server, file)
  const path = pathname.replace(/\/+$/, '')
  const isWhole = settings['override_path'] === true || path.endsWith('/v2')
  const capabilities = listOf(settings['capabilities'])
  const may = (what: string): boolean => capabilities.length === 0 || capabilities.includes(what)
  const headers = Object.entries(fieldsOf(settings['header'])).map(([name, value]) => [name.toLowerCase(), listOf(value).join(', ') || String(value)])
  return {
    registry: host,
    repository,
    plainHttp: protocol === 'http:',
    root: `${path}${isWhole ? '' : '/v2'}/`,
    trust: trustOfHost(file, settings),
    headers: Object.fromEntries(headers) as Readonly<Record<string, string>>,
    ...(host === registry ? {} : { namespace: registry }),
    tags: may('resolve'),
    digests: may('pull'),
  }
}

function trustOfHost(file: string, { ca, client, skip_verify: skip }: Fields): Trust {
  const path = (text: string): string => (isAbsolute(text) ? text : resolve(file, '..', text))
  const authorities = typeof ca === 'string' ? [ca] : listOf(ca)
  const [pair] = typeof client === 'string' ? [client] : listOf(client)
  const [cert, key = cert] = typeof pair === 'string' ? [pair] : listOf(pair)
  if (authorities.length > 1) throw badConfig(file, 'names several files in "ca": put the certificates into one')
  return {
    ...(typeof authorities[0] === 'string' ? { caFile: path(authorities[0]) } : {}),
    ...(typeof cert === 'string' && typeof key === 'string' ? { certFile: path(cert), keyFile: path(key) } : {}),
    ...(skip === true ? { skipTlsVerify: true } : {}),
  }
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
