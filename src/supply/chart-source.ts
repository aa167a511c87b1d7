import { resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Span } from '../base/source.ts'
import type { Trust } from './fetcher.ts'
import type { GitReference } from './git-source.ts'
import type { HttpRepository } from './http-repository.ts'
import { isOciUrl, type OciReference, parseOciReference } from './oci-reference.ts'
import { userInfoOf, withoutUserInfo } from './public-url.ts'
import type { RegistryAccess } from './registry-auth.ts'
import { parseRemoteAddress } from './remote-address.ts'

/** A repository as a state file or Helm's own settings declare it. */
export interface RepositorySettings {
  readonly name: string
  readonly url: string
  readonly oci?: boolean
  readonly username?: string
  readonly password?: string
  readonly caFile?: string
  readonly certFile?: string
  readonly keyFile?: string
  readonly passCredentials?: boolean
  readonly skipTlsVerify?: boolean
  readonly plainHttp?: boolean
  readonly managed?: string
}

/** Where a chart comes from, decided; nothing has been asked yet. */
export type ChartSource =
  | { readonly kind: 'repository'; readonly repository: HttpRepository; readonly name: string }
  | { readonly kind: 'oci'; readonly reference: OciReference; readonly access: RegistryAccess }
  | { readonly kind: 'archive'; readonly url: string; readonly repository: HttpRepository }
  | { readonly kind: 'git'; readonly git: GitReference }

/** What references are seen from. */
export interface SourceContext {
  readonly host: Host
  readonly repositories: readonly RepositorySettings[]
  /** Folder that relative paths of certificates start from. */
  readonly baseDir: string
  /** For references that no repository speaks for. */
  readonly plainHttp?: boolean
  readonly skipTlsVerify?: boolean
  readonly at?: Span | undefined
}

/**
 * What `chart` means: `repo/name` of a declared repository, `oci://…`, the URL of an archive, a place in git.
 *
 * @throws DiagnosticError `supply/unknown-repository`, `supply/bad-reference`, `supply/unsupported-source`
 * Source: Helmfile 1.8 pkg/state/state.go; Helm 4.3.1 pkg/downloader/chart_downloader.go
 */
export function chartSource(context: SourceContext, chart: string): ChartSource {
  if (isOciUrl(chart)) return ociSource(context, parseOciReference(chart), repositoryForUrl(context, chart))
  const address = parseRemoteAddress(chart)
  if (address) return addressSource(context, address, chart)
  const slash = chart.indexOf('/')
  const repository = context.repositories.find(({ name }) => name === chart.slice(0, slash))
  if (slash < 0 || !repository) throw unknownRepository(context, chart, slash < 0 ? '' : chart.slice(0, slash))
  return sourceIn(context, repository, chart.slice(slash + 1))
}

/**
 * What a dependency named `name` at `url` (a repository's URL, `@name`, `alias:name`, `oci://…`) means.
 * @throws DiagnosticError as `chartSource`
 * Source: Helm 4.3.1 pkg/downloader/manager.go (resolveRepoNames)
 */
export function dependencySource(context: SourceContext, name: string, url: string): ChartSource {
  const alias = /^(?:@|alias:)(.*)$/.exec(url)?.[1]
  if (alias !== undefined) {
    const repository = context.repositories.find((known) => known.name === alias)
    if (!repository) throw unknownRepository(context, `${alias}/${name}`, alias)
    return sourceIn(context, repository, name)
  }
  const known = repositoryForUrl(context, url)
  return sourceIn(context, known ? { ...known, url } : { name: '', url, oci: false }, name)
}

function unknownRepository({ at, repositories }: SourceContext, chart: string, name: string): Error {
  const known = repositories.map((repository) => repository.name)
  return failure('supply/unknown-repository', `chart "${chart}" is in no repository that is known${name ? `: "${name}" is not declared` : ''}`, {
    ...(at ? { at } : {}),
    hint: 'declare it under repositories, or name a folder, an archive or a URL',
    ...(known.length > 0 ? { notes: [{ text: `declared are: ${known.join(', ')}` }] } : {}),
  })
}

/** How a declared repository is asked. @throws DiagnosticError `supply/bad-reference`, `supply/unsupported-source` */
export function repositoryAccess(
  context: SourceContext,
  repository: RepositorySettings,
):
  | { readonly kind: 'web'; readonly repository: HttpRepository }
  | { readonly kind: 'oci'; readonly access: RegistryAccess }
  | { readonly kind: 'git' } {
  const source = sourceIn(context, repository, 'chart')
  if (source.kind === 'oci') return { kind: 'oci', access: source.access }
  return source.kind === 'repository' ? { kind: 'web', repository: source.repository } : { kind: 'git' }
}

function sourceIn(context: SourceContext, repository: RepositorySettings, name: string): ChartSource {
  if (repository.managed) {
    throw failure('supply/unsupported-source', `repository "${repository.name}" is managed by "${repository.managed}", which is not supported`, {
      hint: 'give its user and password, or declare it with oci: true and log in with docker',
    })
  }
  if (repository.oci || isOciUrl(repository.url)) {
    const base = repository.url.replace(/\/+$/, '')
    return ociSource(context, parseOciReference(`${base}/${name}`), repository)
  }
  const address = parseRemoteAddress(repository.url)
  if (address?.kind === 'web') return { kind: 'repository', repository: httpRepository(context, repository), name }
  if (address?.kind === 'git') return { kind: 'git', git: { ...address.git, path: [address.git.path, name].filter((part) => part !== '').join('/') } }
  throw failure('supply/unsupported-source', `repository "${repository.name}" has a URL of a kind that is not supported`, {
    hint: 'https://, http://, oci://, s3:// and git+https:// are',
  })
}

function addressSource(context: SourceContext, address: NonNullable<ReturnType<typeof parseRemoteAddress>>, chart: string): ChartSource {
  if (address.kind === 'git') return { kind: 'git', git: address.git }
  if (address.kind === 'unsupported')
    throw failure('supply/unsupported-source', `charts from ${address.what} are not supported`, {
      ...(context.at ? { at: context.at } : {}),
      hint: 'fetch it first and name the file',
    })
  const owner = repositoryForUrl(context, chart) ?? { name: '', url: address.url }
  return { kind: 'archive', url: address.url, repository: httpRepository(context, owner) }
}

/** The declared repository that `url` belongs to: the same server, and the longest path it begins with. */
function repositoryForUrl({ repositories }: SourceContext, url: string): RepositorySettings | undefined {
  const target = comparable(url)
  const owners = repositories.filter((repository) => {
    const own = comparable(isOciUrl(repository.url) || !repository.oci ? repository.url : `oci://${repository.url}`)
    return target === own || target.startsWith(`${own}/`)
  })
  return owners.toSorted((a, b) => b.url.length - a.url.length)[0]
}

function comparable(url: string): string {
  return withoutUserInfo(url).replace(/\/+$/, '')
}

function httpRepository(context: SourceContext, repository: RepositorySettings): HttpRepository {
  const { username, password, token } = credentialsOf(context.host, repository)
  const trust = trustOf(context, repository)
  return {
    url: withoutUserInfo(repository.url),
    ...(trust ? { trust } : {}),
    ...(token ? { token } : {}),
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...(repository.passCredentials ? { passCredentials: true } : {}),
  }
}

function ociSource(context: SourceContext, reference: OciReference, repository: RepositorySettings | undefined): ChartSource {
  const { username, password } = repository ? credentialsOf(context.host, repository) : {}
  const trust = repository ? trustOf(context, repository) : context.skipTlsVerify ? { skipTlsVerify: true } : undefined
  const access: RegistryAccess = {
    registry: reference.registry,
    ...(context.plainHttp || repository?.plainHttp ? { plainHttp: true } : {}),
    ...(trust ? { trust } : {}),
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
  }
  return { kind: 'oci', reference, access }
}

interface Credentials {
  readonly username?: string
  readonly password?: string
  readonly token?: string
}

/**
 * Those of the repository, of its URL, or of `<NAME>_USERNAME` and `<NAME>_PASSWORD`; without any of them the bearer token in
 * `<NAME>_TOKEN`.
 * Source: Helmfile 1.8 pkg/state/state.go (gatherUsernamePassword)
 */
function credentialsOf(host: Host, repository: RepositorySettings): Credentials {
  const prefix = repository.name.replaceAll('-', '_').toUpperCase()
  const variable = (what: string): string | undefined => (prefix === '' ? undefined : host.env[`${prefix}_${what}`])
  const inUrl = userInfoOf(repository.url)
  const username = repository.username || variable('USERNAME') || inUrl?.username
  const password = repository.password || variable('PASSWORD') || inUrl?.password
  const token = username || password ? undefined : variable('TOKEN')
  return { ...(username ? { username } : {}), ...(password ? { password } : {}), ...(token ? { token } : {}) }
}

function trustOf({ baseDir, skipTlsVerify }: SourceContext, repository: RepositorySettings): Trust | undefined {
  const { caFile, certFile, keyFile } = repository
  const path = (file: string): string => resolve(baseDir, file)
  const trust = {
    ...(caFile ? { caFile: path(caFile) } : {}),
    ...(certFile && keyFile ? { certFile: path(certFile), keyFile: path(keyFile) } : {}),
    ...(repository.skipTlsVerify || skipTlsVerify ? { skipTlsVerify: true } : {}),
  }
  return Object.keys(trust).length > 0 ? trust : undefined
}

/** A text that names a source and nothing secret; the same for the same source. */
export function sourceName(source: ChartSource): string {
  switch (source.kind) {
    case 'repository':
      return `${source.repository.url.replace(/\/+$/, '')} ${source.name}`
    case 'oci': {
      const { registry, repository, tag, digest } = source.reference
      return `oci://${registry}/${repository}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`
    }
    case 'archive':
      return withoutUserInfo(source.url)
    case 'git':
      return `git::${withoutUserInfo(source.git.url)}@${source.git.path}?ref=${source.git.ref ?? ''}`
  }
}
