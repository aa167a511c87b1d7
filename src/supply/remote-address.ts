import { basename, dirname } from 'node:path/posix'
import type { GitReference } from './git-source.ts'
import { isS3Url, s3Url } from './s3-object.ts'

/** Where something that is named by a URL lies. */
export type RemoteAddress =
  | { readonly kind: 'git'; readonly git: GitReference; readonly cache: boolean }
  | { readonly kind: 'web'; readonly url: string; readonly cache: boolean }
  | { readonly kind: 'unsupported'; readonly what: string }

const GETTER = /^([A-Za-z0-9]+)::(.+)$/
const HELM_GIT = /^git\+([a-z]+:\/\/.+)$/
const FILE_SEPARATOR = '@'

/**
 * Reads a URL in the forms of go-getter as Helmfile takes them (`git::https://host/repo.git@path?ref=x`, `https://host/file`,
 * `s3://bucket/key`, `s3::https://bucket.s3.region.amazonaws.com/key`), and helm-git's `git+https://host/repo@path?ref=x`; undefined for what is none of them.
 *
 * Source: Helmfile 1.8 pkg/remote/remote.go (Parse), github.com/aslafy-z/helm-git
 */
export function parseRemoteAddress(text: string): RemoteAddress | undefined {
  const [, getter, forced] = GETTER.exec(text) ?? []
  const [, helmGit] = HELM_GIT.exec(text) ?? []
  const address = forced ?? helmGit ?? text
  if (getter === 'git' || helmGit !== undefined) return gitAddress(address, helmGit !== undefined)
  if (getter === 's3' || isS3Url(address)) return objectAddress(address)
  if (getter !== undefined) return { kind: 'unsupported', what: `${getter}::` }
  return /^https?:\/\//i.test(address) ? webAddress(address) : undefined
}

/** A query without what is meant for us. */
function splitQuery(address: string): { readonly bare: string; readonly query: URLSearchParams; readonly cache: boolean } {
  const mark = address.indexOf('?')
  const query = new URLSearchParams(mark < 0 ? '' : address.slice(mark + 1))
  const cache = query.get('cache') !== 'false'
  query.delete('cache')
  return { bare: mark < 0 ? address : address.slice(0, mark), query, cache }
}

function webAddress(address: string): RemoteAddress {
  const { bare, query, cache } = splitQuery(address)
  return { kind: 'web', url: query.size > 0 ? `${bare}?${query}` : bare, cache }
}

/** An object on S3. Files inside of archives there, and other questions than for the object as it is, are not known. */
function objectAddress(address: string): RemoteAddress {
  const { bare, query, cache } = splitQuery(address)
  if (bare.includes(FILE_SEPARATOR)) return { kind: 'unsupported', what: 'a file inside an object on S3 (@)' }
  if (query.size > 0) return { kind: 'unsupported', what: `a query on S3 (${[...query.keys()].join(', ')})` }
  const url = s3Url(bare)
  return url === undefined
    ? { kind: 'unsupported', what: 's3:: with a server that is none of Amazon (set AWS_ENDPOINT_URL)' }
    : { kind: 'web', url, cache }
}

/**
 * The repository ends at `@` or `//` behind the host; without either, its last part is a file inside, as Helmfile has it, but not in
 * helm-git's form. Options of helm-git beside `ref` have no meaning here.
 */
function gitAddress(address: string, isHelmGit: boolean): RemoteAddress {
  const { bare, query, cache } = splitQuery(address)
  const host = bare.indexOf('://') + 3
  const start = bare.indexOf('/', host)
  const rest = start < 0 ? '' : bare.slice(start)
  const at = rest.lastIndexOf(FILE_SEPARATOR)
  const double = rest.indexOf('//', 1)
  const cut = at >= 0 ? { end: at, path: rest.slice(at + 1) } : double >= 0 ? { end: double, path: rest.slice(double + 2) } : undefined
  const isWhole = isHelmGit || isRepository(rest)
  const repository = cut ? rest.slice(0, cut.end) : isWhole ? rest : dirname(rest)
  const path = cut ? cut.path : isWhole ? '' : basename(rest)
  const ref = query.get('ref') ?? undefined
  if (query.has('sshkey')) return { kind: 'unsupported', what: 'a key inside a URL (sshkey)' }
  const git: GitReference = { url: `${bare.slice(0, start < 0 ? undefined : start)}${repository}`, path: trimSlashes(path), ...(ref ? { ref } : {}) }
  return { kind: 'git', git, cache }
}

function isRepository(path: string): boolean {
  return path.endsWith('.git') || path.endsWith('.git/')
}

function trimSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, '')
}
