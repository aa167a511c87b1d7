import { BlockList, isIP } from 'node:net'
import { failure } from './diagnostic.ts'
import type { Host } from './host.ts'

/**
 * The HTTP proxy on the way to `server`: the kubeconfig's `proxy-url` where given, else what HTTPS_PROXY or HTTP_PROXY name
 * (in capitals or not) unless NO_PROXY exempts the server; undefined for a direct connection.
 *
 * @throws DiagnosticError `base/bad-proxy` for an address that is no http or https URL
 * Source: golang.org/x/net/http/httpproxy
 */
export function proxyFor(host: Host, server: URL, configured?: string): URL | undefined {
  const variable = (name: string) => host.env[name] || host.env[name.toLowerCase()] || ''
  const fromEnvironment = isExempt(server, variable('NO_PROXY')) ? '' : variable(server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY')
  const address = configured ?? fromEnvironment
  return address === '' ? undefined : proxyUrl(address)
}

function proxyUrl(address: string): URL {
  const full = address.includes('://') ? address : `http://${address}`
  if (!URL.canParse(full)) throw failure('base/bad-proxy', 'the proxy address is no URL')
  const url = new URL(full)
  if (url.protocol === 'http:' || url.protocol === 'https:') return url
  throw failure('base/bad-proxy', `proxies of the kind "${url.protocol}//" are not supported`, { hint: 'name an http:// or https:// proxy' })
}

/** Loopback addresses never go through a proxy; the rest is what NO_PROXY lists: names, domains, addresses, networks, ports. */
function isExempt(server: URL, list: string): boolean {
  const hostname = server.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  if (hostname === 'localhost' || hostname.startsWith('127.') || hostname === '::1') return true
  const port = server.port || (server.protocol === 'https:' ? '443' : '80')
  const entries = list.split(',').map((entry) => entry.trim().toLowerCase())
  return entries.some((entry) => entry !== '' && covers(entry, hostname, port))
}

function covers(entry: string, hostname: string, port: string): boolean {
  if (entry === '*') return true
  if (entry.includes('/')) return isInNetwork(entry, hostname)
  const [name, wantedPort] = splitPort(entry)
  if (wantedPort !== '' && wantedPort !== port) return false
  if (isIP(name) !== 0) return name === hostname
  const domain = name.replace(/^\*?\./, '')
  return hostname.endsWith(`.${domain}`) || (hostname === domain && domain === name)
}

function splitPort(entry: string): readonly [string, string] {
  if (isIP(entry) !== 0) return [entry, '']
  const colon = entry.lastIndexOf(':')
  if (colon < 0) return [entry, '']
  return [entry.slice(0, colon).replace(/^\[|\]$/g, ''), entry.slice(colon + 1)]
}

function isInNetwork(entry: string, hostname: string): boolean {
  const [address = '', prefix = ''] = entry.split('/')
  const family = isIP(address)
  const bits = Number(prefix)
  if (family === 0 || isIP(hostname) !== family || !Number.isInteger(bits) || bits < 0 || bits > (family === 4 ? 32 : 128)) return false
  const type = family === 4 ? 'ipv4' : 'ipv6'
  const network = new BlockList()
  network.addSubnet(address, bits, type)
  return network.check(hostname, type)
}
