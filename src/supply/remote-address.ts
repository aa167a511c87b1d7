import { basename, dirname } from 'node:path/posix'
import type { GitReference } from './git-source.ts'

/** Where something that is named by a URL lies. */
export type RemoteAddress =
  | { readonly kind: 'git'; readonly git: GitReference; readonly cache: boolean }
  | { readonly kind: 'web'; readonly url: string; readonly cache: boolean }
  | { readonly kind: 'unsupported'; readonly what: string }

const GETTER = /^([A-Za-z0-9]+)::(.+)$/
const HELM_GIT = /^git\+([a-z]+:\/\/.+)$/
const FILE_SEPARATOR = '@'

/**
 * Reads a URL in the forms of go-getter as Helmfile takes them (`git::https://host/repo.git@path?ref=x`, `https://host/file`),
 * and helm-git's `git+https://host/repo@path?ref=x`; undefined for what is none of them.
 *
 * Source: Helmfile 1.8 pkg/remote/remote.go (Parse), github.com/aslafy-z/helm-git
 */
export function parseRemoteAddress(text: string): RemoteAddress | undefined {
  const [, getter, forced] = GETTER.exec(text) ?? []
  const [, helmGit] = HELM_GIT.exec(text) ?? []
  const address = forced ?? helmGit ?? text
  if (getter === 'git' || helmGit !== undefined) return gitAddress(address, helmGit !== undefined)
  if (getter !== undefined) return { kind: 'unsupported', what: `${getter}::` }
  if (/^https?:\/\//i.test(address)) return webAddress(address)
  if (/^s3:\/\//i.test(address)) return { kind: 'unsupported', what: 's3://' }
  return undefined
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
