import { delimiter, dirname, isAbsolute, join, resolve, sep } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { isObject, type JsonObject, objectOf, objectsOf, textOf } from '../base/json.ts'
import { positionAt } from '../base/source.ts'
import { decodePlain } from '../yaml/decode.ts'
import { YamlError } from '../yaml/yaml-error.ts'

/** How to reach one API server. File names are absolute. */
export interface ClusterEntry {
  readonly server: string
  readonly caFile?: string
  readonly caData?: string
  readonly insecureSkipTlsVerify: boolean
  readonly tlsServerName?: string
  readonly proxyUrl?: string
}

/** Who asks. File names are absolute; `exec` and `authProvider` are as written. */
export interface UserEntry {
  readonly token?: string
  readonly tokenFile?: string
  readonly username?: string
  readonly password?: string
  readonly certFile?: string
  readonly certData?: string
  readonly keyFile?: string
  readonly keyData?: string
  readonly impersonate?: Impersonation
  readonly exec?: JsonObject
  readonly authProvider?: JsonObject
}

/** On whose behalf requests are made. */
export interface Impersonation {
  readonly user: string
  readonly uid?: string
  readonly groups: readonly string[]
  readonly extra: Readonly<Record<string, readonly string[]>>
}

/** A context: names of a cluster and a user, and the namespace meant where none is said. */
export interface ContextEntry {
  readonly cluster: string
  readonly user: string
  readonly namespace?: string
}

/** Kubeconfig files merged into one. */
export interface KubeConfig {
  /** The files that were read. */
  readonly files: readonly string[]
  /** Files that were looked for and are not there. */
  readonly missing: readonly string[]
  readonly currentContext: string | undefined
  readonly clusters: ReadonlyMap<string, ClusterEntry>
  readonly users: ReadonlyMap<string, UserEntry>
  readonly contexts: ReadonlyMap<string, ContextEntry>
}

/** Kubeconfig files above this size are refused. */
const MAX_KUBECONFIG_BYTES = 8 * 1024 * 1024

/**
 * Reads kubeconfig: `explicit` alone where given, else the files of KUBECONFIG, else `~/.kube/config`. Of entries with
 * one name the first file's wins, as does the first `current-context`; missing files count only when `explicit`.
 *
 * @throws DiagnosticError `kube/bad-config` for a file that cannot be read or is no kubeconfig
 * Source: k8s.io/client-go 0.37 tools/clientcmd/loader.go
 */
export function readKubeConfig(host: Host, explicit?: string): KubeConfig {
  const documents: { readonly file: string; readonly content: JsonObject }[] = []
  const missing: string[] = []
  for (const file of explicit === undefined ? defaultFiles(host) : [resolve(host.cwd, explicit)]) {
    if (host.fs.stat(file) === undefined && explicit === undefined) missing.push(file)
    else documents.push({ file, content: parseFile(host, file) })
  }
  return { ...merge(documents), missing }
}

function defaultFiles(host: Host): readonly string[] {
  const list = host.env['KUBECONFIG']
  if (list === undefined || list === '') return [join(host.homeDir, '.kube', 'config')]
  const files = list.split(delimiter).filter((file) => file !== '')
  return [...new Set(files.map((file) => resolve(host.cwd, file)))]
}

function parseFile(host: Host, file: string): JsonObject {
  const bad = (summary: string, cause?: unknown) =>
    failure('kube/bad-config', summary, { subject: `kubeconfig ${file}`, ...(cause === undefined ? {} : { cause }) })
  let text: string
  try {
    if ((host.fs.stat(file)?.size ?? 0) > MAX_KUBECONFIG_BYTES) throw bad('the file is too large for a kubeconfig')
    text = host.fs.readText(file)
  } catch (error) {
    throw bad('the file cannot be read', error)
  }
  const content = parseText(file, text, bad)
  if (content === null || content === undefined) return {}
  if (!isObject(content)) throw bad('the file is no kubeconfig: its top is not a map')
  return content
}

/** What a YAML parser says may quote the line, and that line may hold a token; so only its number is passed on. */
function parseText(file: string, text: string, bad: (summary: string) => Error): unknown {
  try {
    return decodePlain({ name: file, text })[0]
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    const at = error.diagnostics[0]?.at
    throw bad(at === undefined ? 'the file is not valid YAML' : `line ${positionAt(at.source, at.start).line} is not valid YAML`)
  }
}

function merge(documents: readonly { readonly file: string; readonly content: JsonObject }[]): Omit<KubeConfig, 'missing'> {
  const clusters = new Map<string, ClusterEntry>()
  const users = new Map<string, UserEntry>()
  const contexts = new Map<string, ContextEntry>()
  let currentContext: string | undefined
  for (const { file, content } of documents) {
    const at = (path: string) => (isAbsolute(path) ? path : join(dirname(file), path))
    addEntries(clusters, content['clusters'], 'cluster', (entry) => clusterOf(entry, at))
    addEntries(users, content['users'], 'user', (entry) => userOf(entry, at))
    addEntries(contexts, content['contexts'], 'context', contextOf)
    currentContext ??= filled(content['current-context'])
  }
  return { files: documents.map((document) => document.file), currentContext, clusters, users, contexts }
}

function addEntries<T>(into: Map<string, T>, list: unknown, field: string, read: (entry: JsonObject) => T): void {
  for (const item of objectsOf(list)) {
    const name = scalarText(item['name'])
    if (name !== undefined && !into.has(name)) into.set(name, read(objectOf(item[field])))
  }
}

function clusterOf(entry: JsonObject, at: (path: string) => string): ClusterEntry {
  return {
    server: textOf(entry['server']),
    insecureSkipTlsVerify: entry['insecure-skip-tls-verify'] === true,
    ...field('caFile', filled(entry['certificate-authority']), at),
    ...field('caData', filled(entry['certificate-authority-data'])),
    ...field('tlsServerName', filled(entry['tls-server-name'])),
    ...field('proxyUrl', filled(entry['proxy-url'])),
  }
}

function userOf(entry: JsonObject, at: (path: string) => string): UserEntry {
  const exec = entry['exec']
  return {
    ...field('token', scalarText(entry['token'])),
    ...field('tokenFile', filled(entry['tokenFile']), at),
    ...field('username', scalarText(entry['username'])),
    ...field('password', scalarText(entry['password'])),
    ...field('certFile', filled(entry['client-certificate']), at),
    ...field('certData', filled(entry['client-certificate-data'])),
    ...field('keyFile', filled(entry['client-key']), at),
    ...field('keyData', filled(entry['client-key-data'])),
    ...(isObject(exec) ? { exec: { ...exec, command: commandOf(textOf(exec['command']), at) } } : {}),
    ...(isObject(entry['auth-provider']) ? { authProvider: entry['auth-provider'] } : {}),
    ...impersonationOf(entry),
  }
}

/** A plugin named with a path is relative to the file that names it; a bare name is looked up in PATH. */
function commandOf(command: string, at: (path: string) => string): string {
  return command.includes(sep) ? at(command) : command
}

function impersonationOf(entry: JsonObject): { readonly impersonate?: Impersonation } {
  const user = scalarText(entry['as'])
  if (user === undefined) return {}
  const extra = Object.entries(objectOf(entry['as-user-extra'])).map(([key, values]) => [key, texts(values)] as const)
  return { impersonate: { user, groups: texts(entry['as-groups']), extra: Object.fromEntries(extra), ...field('uid', scalarText(entry['as-uid'])) } }
}

function contextOf(entry: JsonObject): ContextEntry {
  return { cluster: scalarText(entry['cluster']) ?? '', user: scalarText(entry['user']) ?? '', ...field('namespace', filled(entry['namespace'])) }
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function filled(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Names, tokens and passwords that look like numbers are still texts. */
function scalarText(value: unknown): string | undefined {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : filled(value)
}

function field<K extends string>(
  name: K,
  value: string | undefined,
  change: (text: string) => string = (text) => text,
): { readonly [key in K]?: string } {
  return value === undefined ? {} : ({ [name]: change(value) } as { readonly [key in K]?: string })
}
