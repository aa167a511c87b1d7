import { isAbsolute, join, resolve } from 'node:path'
import type { Host } from '../../base/host.ts'
import type { Trust } from '../fetcher.ts'
import { badConfig, type Fields, fieldsOf, listOf, readToml, serverOf, textOf } from './read-config.ts'
import { itself, type RegistryPlace, type RepositoryName } from './registry-place.ts'

/** Where `name` is by containerd's `folder` of `hosts.toml` files. @throws DiagnosticError `supply/bad-config` */
export function placesOfFolder(host: Host, folder: string, name: RepositoryName): readonly RegistryPlace[] {
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
