import { join } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { CommandResult, Host } from '../base/host.ts'
import type { Cache } from './cache.ts'
import { publicUrl, userInfoOf, withoutUserInfo } from './public-url.ts'

/** Something inside a git repository. */
export interface GitReference {
  /** What git is given: https://, http://, ssh:// or file://, user and password included. */
  readonly url: string
  /** Branch, tag or commit; the default branch when absent. */
  readonly ref?: string
  /** Inside the repository; empty for its top. */
  readonly path: string
}

/** A tree at a commit, as a folder in the cache. */
export interface GitTree {
  readonly folder: string
  readonly commit: string
}

/** What git sources are fetched with. */
export interface GitLine {
  readonly host: Host
  readonly cache: Cache
  /** Take what was fetched before; ask no server. */
  readonly offline: boolean
}

const COMMIT = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/
const SCHEMES = ['https:', 'http:', 'ssh:', 'file:']
/** What git may not do on the way: ask, run what a repository brings, or speak other protocols. */
const GIT_ENV = { GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'https:http:ssh:file', GIT_LFS_SKIP_SMUDGE: '1', LC_ALL: 'C' }
const SAFE_CONFIG = [
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'submodule.recurse=false',
  '-c',
  'advice.detachedHead=false',
]

/**
 * The tree of `reference`, fetched without its history unless the cache has that commit. Nothing of it is run.
 *
 * @param commit the commit that it must be, when that is known: then nothing is asked if the cache has it
 * @throws DiagnosticError `supply/git`, `supply/no-ref`, `supply/bad-reference`, `supply/offline`
 */
export async function gitTree({ host, cache, offline }: GitLine, reference: GitReference, commit?: string): Promise<GitTree> {
  checkReference(reference)
  const wanted = commit ?? (reference.ref && COMMIT.test(reference.ref) ? reference.ref : undefined)
  const source = withoutUserInfo(reference.url)
  const known = wanted === undefined ? undefined : cache.tree(treeKey(source, wanted))
  if (known !== undefined && wanted !== undefined) return { folder: known, commit: wanted }
  if (offline) return rememberedTree(cache, reference, commit)
  const resolved = wanted ?? (await remoteCommit(host, reference))
  cache.learn('git', refKey(reference), { commit: resolved })
  const key = treeKey(source, resolved)
  const folder = cache.tree(key) ?? (await cache.storeTree(key, (draft) => checkOut(host, reference, resolved, draft)))
  return { folder, commit: resolved }
}

function refKey({ url, ref = 'HEAD' }: GitReference): string {
  return `${withoutUserInfo(url)} ${ref}`
}

/** What the ref meant the last time. */
function rememberedTree(cache: Cache, reference: GitReference, commit: string | undefined): GitTree {
  const fact = commit === undefined ? (cache.fact('git', refKey(reference)) as { readonly commit?: unknown } | undefined) : { commit }
  const known = typeof fact?.commit === 'string' ? fact.commit : undefined
  const folder = known === undefined ? undefined : cache.tree(treeKey(withoutUserInfo(reference.url), known))
  if (known !== undefined && folder !== undefined) return { folder, commit: known }
  throw failure('supply/offline', `${publicUrl(reference.url)} is not in the cache, and nothing is fetched`, {
    hint: 'run once without --skip-refresh',
  })
}

function treeKey(source: string, commit: string): string {
  return `git ${source} ${commit}`
}

function checkReference({ url, ref = '', path }: GitReference): void {
  const scheme = URL.canParse(url) ? new URL(url).protocol : ''
  const bad = !SCHEMES.includes(scheme)
    ? 'its address is none that git fetches from'
    : ref.startsWith('-') || /[\s\0]/.test(ref)
      ? 'its ref is no name of a branch, tag or commit'
      : path.split('/').includes('..')
        ? 'its path leads out of the repository'
        : undefined
  if (bad) throw failure('supply/bad-reference', `${publicUrl(url)} cannot be used: ${bad}`)
}

/** What a branch or tag means now; annotated tags mean their commit. */
async function remoteCommit(host: Host, reference: GitReference): Promise<string> {
  const { url, ref = 'HEAD' } = reference
  const patterns = ref === 'HEAD' ? ['HEAD'] : [`refs/tags/${ref}^{}`, `refs/tags/${ref}`, `refs/heads/${ref}`, ref]
  const output = await git(host, reference, ['ls-remote', '--', withoutUserInfo(url), ...patterns])
  const found = new Map(output.split('\n').map((line) => [line.slice(line.indexOf('\t') + 1), line.slice(0, line.indexOf('\t'))]))
  const commit = patterns.map((pattern) => found.get(pattern)).find((hash) => hash !== undefined && COMMIT.test(hash))
  if (commit === undefined) {
    throw failure('supply/no-ref', `${publicUrl(url)} has no branch, tag or commit "${ref}"`, {
      hint: 'a commit must be written with all of its 40 digits',
    })
  }
  return commit
}

async function checkOut(host: Host, reference: GitReference, commit: string, folder: string): Promise<void> {
  const at = ['-C', folder]
  await git(host, reference, [...at, 'init', '--quiet', '--template='])
  const source = withoutUserInfo(reference.url)
  const fetch = [...at, 'fetch', '--quiet', '--no-tags', '--no-recurse-submodules']
  // Servers may refuse to hand out a commit by its hash; then the whole of what was named has to come.
  const shallow = await run(host, reference, [...fetch, '--depth=1', '--', source, commit])
  if (shallow.code !== 0)
    await git(host, reference, [...fetch, '--', source, '+refs/heads/*:refs/flotilla/heads/*', '+refs/tags/*:refs/flotilla/tags/*'])
  await git(host, reference, [...at, 'checkout', '--quiet', '--force', '--detach', commit])
  if (host.fs.stat(join(folder, '.gitmodules'))?.kind === 'file') await fetchSubmodules(host, reference, folder)
  host.fs.remove(join(folder, '.git'))
}

/** Submodules belong to a tree as its files do. They may not name what lies on this machine. Source: go-getter 2 get_git.go */
async function fetchSubmodules(host: Host, reference: GitReference, folder: string): Promise<void> {
  const source = withoutUserInfo(reference.url)
  const protocols = new URL(source).protocol === 'http:' ? 'https:http:ssh' : 'https:ssh'
  // Relative addresses are seen from the remote.
  await git(host, reference, ['-C', folder, 'remote', 'add', 'origin', source])
  await git(host, reference, ['-C', folder, 'submodule', '--quiet', 'update', '--init', '--recursive', '--depth=1'], {
    GIT_ALLOW_PROTOCOL: protocols,
  })
  for (const path of gitLinks(host, folder)) host.fs.remove(path)
}

/** The files that bind submodules to the repository around them. */
function gitLinks({ fs }: Pick<Host, 'fs'>, folder: string): readonly string[] {
  return (fs.readDir(folder) ?? []).flatMap((name) => {
    const path = join(folder, name)
    if (name === '.git') return fs.stat(path)?.kind === 'file' ? [path] : []
    return fs.stat(path)?.kind === 'directory' && !fs.isLink(path) ? gitLinks({ fs }, path) : []
  })
}

type Variables = Readonly<Record<string, string>>

async function git(host: Host, reference: GitReference, args: readonly string[], env: Variables = {}): Promise<string> {
  const result = await run(host, reference, args, env)
  if (result.code === 0) return Buffer.from(result.stdout).toString('utf8')
  const shown = publicUrl(reference.url)
  const lines = Buffer.from(result.stderr).toString('utf8').trim().split('\n')
  // The first complaint is the cause of those behind it.
  const why = lines.find((line) => line.startsWith('fatal: ')) ?? lines.at(-1) ?? ''
  throw failure('supply/git', `git could not fetch ${shown}`, {
    notes: [{ text: why.replaceAll(reference.url, shown) || `git ended with code ${result.code}` }],
    hint: 'check the address and the ref, and that git itself may read the repository',
  })
}

async function run(host: Host, { url }: GitReference, args: readonly string[], env: Variables = {}): Promise<CommandResult> {
  const result = await host.run({ file: 'git', args: [...SAFE_CONFIG, ...args], env: { ...GIT_ENV, ...authorizationEnv(url), ...env } })
  if (result.missing) throw failure('supply/git', `git is not installed, and ${publicUrl(url)} cannot be fetched without it`, { hint: 'install git' })
  return result
}

/** User and password go to git by its environment: arguments are seen by everyone on the machine. */
function authorizationEnv(url: string): Variables {
  const given = /^https?:/.test(url) ? userInfoOf(url) : undefined
  if (!given) return {}
  const basic = Buffer.from(`${given.username}:${given.password}`).toString('base64')
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.${new URL(url).origin}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
  }
}
