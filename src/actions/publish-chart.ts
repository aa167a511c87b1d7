import { basename, resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { FileInfo, Host } from '../base/host.ts'
import { loadChart } from '../chart/load-chart.ts'
import { missingDependencies } from '../chart/process-dependencies.ts'
import { packChart } from '../publish/pack-chart.ts'
import { type Pushed, pushArchive } from '../publish/push-archive.ts'
import { removeLogin, storeLogin } from '../publish/registry-login.ts'
import { signArchive } from '../publish/sign-archive.ts'
import { openSupply } from '../supply/chart-supply.ts'
import { defaultKeyring, readKeyring } from '../supply/keyring.ts'
import { openRegistry } from '../supply/oci-registry.ts'
import type { RegistryAccess } from '../supply/registry-auth.ts'
import type { SupplyLine } from '../supply/remote-content.ts'
import { type Verified, verifiedBy } from '../supply/verify-provenance.ts'
import { type ChartAccess, namedChart } from './named-chart.ts'

export interface PackageOptions extends ChartAccess {
  /** Say another version than the chart does. */
  readonly version?: string
  readonly appVersion?: string
  /** Folder for the archive; the current one where it is absent. */
  readonly destination?: string
  /** Part of a user id: sign with that key. */
  readonly signWith?: string
  readonly passphrase?: () => Promise<string>
}

/** Files that packing made, by absolute path. */
export interface Packaged {
  readonly archive: string
  readonly provenance?: string
}

/** Source: Reproducible Builds, SOURCE_DATE_EPOCH @throws DiagnosticError `publish/bad-time` */
function modifiedOf({ env }: Host): { readonly modified?: number } {
  const text = env['SOURCE_DATE_EPOCH']
  if (text === undefined || text === '') return {}
  if (/^[0-9]{1,12}$/.test(text)) return { modified: Number(text) }
  throw failure('publish/bad-time', `SOURCE_DATE_EPOCH is no number of seconds: "${text}"`)
}

/**
 * Packs the chart in folder `path` into `name-version.tgz`, and signs it where that is wanted. The folder is read only: dependencies
 * that are fetched go into the archive.
 *
 * @throws DiagnosticError `chart/…`, `supply/…`, `publish/…`
 * Source: Helm 4.3.1 pkg/action/package.go
 */
export async function packageChart(host: Host, path: string, options: PackageOptions): Promise<Packaged> {
  const { destination = '.', appVersion, signWith, version, ...access } = options
  if (host.fs.stat(resolve(host.cwd, path))?.kind !== 'directory') throw failure('chart/not-found', `"${path}" is no folder with a chart`)
  const chart = await namedChart(host, resolve(host.cwd, path), access)
  const missing = missingDependencies(chart)
  if (missing.length > 0) {
    throw failure('chart/missing-dependency', `found in Chart.yaml, but missing in charts/ directory: ${missing.join(', ')}`, {
      subject: `chart ${chart.metadata.name}`,
      hint: 'give --dependency-update to have them fetched into the archive',
    })
  }
  const packed = await packChart(chart, {
    ...modifiedOf(host),
    ...(version !== undefined && { version }),
    ...(appVersion !== undefined && { appVersion }),
  })
  const archive = resolve(host.cwd, destination, packed.fileName)
  const signature = signWith === undefined ? undefined : await signed(host, packed, { ...options, signWith })
  host.fs.writeFile(archive, packed.data)
  if (signature === undefined) return { archive }
  host.fs.writeFile(`${archive}.prov`, signature)
  return { archive, provenance: `${archive}.prov` }
}

function signed(
  host: Host,
  { fileName, data, chart }: Awaited<ReturnType<typeof packChart>>,
  options: PackageOptions & { readonly signWith: string },
): Promise<string> {
  const { keyring, signWith, passphrase } = options
  const locked = async (): Promise<string> => {
    throw failure('publish/bad-passphrase', 'the key is locked', { hint: 'give --passphrase-file, "-" for standard input' })
  }
  const keys = readKeyring(host, keyring === undefined ? defaultKeyring(host) : resolve(host.cwd, keyring))
  return signArchive(fileName, data, chart.metadata, { keyring: keys, name: signWith, passphrase: passphrase ?? locked })
}

function requireArchive(host: Host, path: string): FileInfo {
  const info = host.fs.stat(resolve(host.cwd, path))
  if (info?.kind === 'file') return info
  const hint = 'make an archive with "flotilla chart package"'
  throw failure('chart/not-found', info ? `"${path}" is a folder, no archive` : `there is no archive "${path}"`, { hint })
}

/**
 * Checks the archive at `path` with the provenance file beside it.
 *
 * @throws DiagnosticError `supply/not-signed`, `supply/bad-signature`, `supply/keyring`
 * Source: Helm 4.3.1 pkg/action/verify.go
 */
export async function verifyArchive(host: Host, path: string, keyring?: string): Promise<Verified> {
  const full = resolve(host.cwd, path)
  requireArchive(host, path)
  if (!host.fs.stat(`${full}.prov`)) throw failure('supply/not-signed', `there is no provenance file ${path}.prov`)
  const keys = readKeyring(host, keyring === undefined ? defaultKeyring(host) : resolve(host.cwd, keyring))
  return verifiedBy({ fileName: basename(full), archive: host.fs.readFile(full), provenance: host.fs.readFile(`${full}.prov`), keys })
}

/** How a registry is reached. */
export type RegistryOptions = Pick<
  ChartAccess,
  'username' | 'password' | 'caFile' | 'certFile' | 'keyFile' | 'skipTlsVerify' | 'plainHttp' | 'signal'
>

function accessTo(host: Host, registry: string, options: RegistryOptions): RegistryAccess {
  const { username, password, caFile, certFile, keyFile, skipTlsVerify, plainHttp } = options
  const path = (file: string): string => resolve(host.cwd, file)
  const trust = {
    ...(caFile !== undefined && { caFile: path(caFile) }),
    ...(certFile !== undefined && keyFile !== undefined && { certFile: path(certFile), keyFile: path(keyFile) }),
    ...(skipTlsVerify && { skipTlsVerify }),
  }
  return {
    registry,
    ...(plainHttp && { plainHttp }),
    ...(username !== undefined && { username, password: password ?? '' }),
    ...(Object.keys(trust).length > 0 && { trust }),
  }
}

async function withLine<T>(host: Host, { signal }: RegistryOptions, work: (line: SupplyLine) => Promise<T>): Promise<T> {
  const supply = openSupply(host, signal ? { signal } : {})
  try {
    return await work(supply.line)
  } finally {
    supply.close()
  }
}

/** `oci://host/path` apart. @throws DiagnosticError `supply/bad-reference` */
function placeIn(url: string): { readonly registry: string; readonly path: string } {
  const [, registry, path = ''] = /^oci:\/\/([A-Za-z0-9.\-[\]:]+)((?:\/[a-z0-9._-]+)*)\/?$/.exec(url) ?? []
  if (registry !== undefined) return { registry, path: path.slice(1) }
  throw failure('supply/bad-reference', `"${url}" is no place in a registry`, { hint: "write oci://host/path; name and version are the chart's own" })
}

/**
 * Publishes the archive at `path` under `oci://host/path`, with its provenance file where that lies beside it.
 *
 * @throws DiagnosticError `chart/…`, `supply/…`, `publish/…`
 * Source: Helm 4.3.1 pkg/pusher/ocipusher.go
 */
export async function pushChart(host: Host, path: string, url: string, options: RegistryOptions): Promise<Pushed> {
  const full = resolve(host.cwd, path)
  const { modified: created } = requireArchive(host, path)
  const { registry, path: place } = placeIn(url)
  const { metadata } = await loadChart(host, full)
  const provenance = host.fs.stat(`${full}.prov`) ? host.fs.readFile(`${full}.prov`) : undefined
  const publication = { archive: host.fs.readFile(full), metadata, created, ...(provenance && { provenance }) }
  return withLine(host, options, (line) => pushArchive(line, accessTo(host, registry, options), place, publication))
}

/** Asks `registry` whether it lets us in, and keeps the login. @throws DiagnosticError `supply/…` */
export async function loginTo(
  host: Host,
  registry: string,
  options: RegistryOptions & { readonly username: string; readonly password: string },
): Promise<void> {
  await withLine(host, options, (line) => openRegistry(line, accessTo(host, registry, options)).ping())
  await storeLogin(host, registry, options)
}

/** Forgets the login to `registry`; false where there was none. @throws DiagnosticError `supply/…` */
export function logoutFrom(host: Host, registry: string): Promise<boolean> {
  return removeLogin(host, registry)
}
