import { resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { GoInt, type GoMap, type GoValue } from '../go/values.ts'
import { type Fetching, fetchedSecrets, NeedsFetching, withFetchedSecrets } from './fetched-secrets.ts'
import { noteSecret } from './secret-log.ts'
import { isTrue } from './true-words.ts'
import { decodeText } from './yaml-text.ts'

/** How deep a reference may stand inside another. */
const MAX_NESTING = 10

const PREFIX = /(?:secret)?ref\+/g
const BREAKS = new Set([' ', '\n', '\r', '\t', '"', ','])

/** A `ref+provider://…` found in a text. */
interface Reference {
  readonly start: number
  readonly end: number
  /** `provider://path#/key`. */
  readonly uri: string
}

/**
 * Replaces references to secrets (`ref+provider://…`, `secretref+…`) in every string of `value`. A string that is one reference
 * becomes what it names, of whatever type; elsewhere the text is put in place.
 * @throws DiagnosticError `state/secret-ref` when one cannot be resolved, `state/secret-backend` for other providers
 * @throws NeedsFetching when one has to be fetched first, which `withFetchedSecrets` sees to
 * Source: vals 0.46 pkg/expansion, vals.go
 */
export function expandSecretRefs(host: Host, value: GoValue): GoValue {
  if (!hasReference(value)) return value
  if (typeof value === 'string') return expandText({ host }, value)
  if (Array.isArray(value)) return value.map((item) => expandSecretRefs(host, item))
  return value instanceof Map ? new Map([...value].map(([key, item]) => [key, expandSecretRefs(host, item)])) : value
}

/**
 * As `expandSecretRefs`, fetching what has to be fetched; files of sops are decrypted by `by.reader`.
 * @throws DiagnosticError as `expandSecretRefs`, and what decrypting throws
 */
export function expandSecretRefsDecrypting(by: Fetching, value: GoValue): Promise<GoValue> {
  return withFetchedSecrets(by, () => expandSecretRefs(by.host, value))
}

/** What references are resolved with. */
interface Surroundings {
  readonly host: Host
}

/** True when some string of `value` holds something like a reference. */
function hasReference(value: GoValue): boolean {
  if (typeof value === 'string') return value.includes('ref+')
  if (Array.isArray(value)) return value.some(hasReference)
  if (value instanceof Map) return [...value.values()].some(hasReference)
  return false
}

function expandText(by: Surroundings, text: string): GoValue {
  const resolved = resolveInner(by, text, 0)
  const first = findReference(resolved, 0)
  if (!first) return resolved
  if (first.start === 0 && first.end === resolved.length) return lookUp(by, first.uri)
  let result = ''
  let from = 0
  for (let found: Reference | undefined = first; found; found = findReference(resolved, from)) {
    result += resolved.slice(from, found.start) + plainText(lookUp(by, found.uri))
    from = found.end
  }
  return result + resolved.slice(from)
}

/** As `((secret)?ref)\+([^\+:]*:\/\/[^\+\n ]+[^\+\n ",])\+?` finds it, in one pass from the left. */
function findReference(text: string, from: number): Reference | undefined {
  PREFIX.lastIndex = from
  for (let prefix = PREFIX.exec(text); prefix; prefix = PREFIX.exec(text)) {
    const start = prefix.index
    const uriStart = start + prefix[0].length
    const colon = text.indexOf(':', uriStart)
    if (colon >= 0 && text.startsWith('://', colon) && !text.slice(uriStart, colon).includes('+')) {
      const end = uriEnd(text, colon + 3)
      if (end !== undefined) {
        PREFIX.lastIndex = 0
        return { start, end: text[end] === '+' ? end + 1 : end, uri: text.slice(uriStart, end) }
      }
    }
    PREFIX.lastIndex = uriStart
  }
  return undefined
}

function uriEnd(text: string, start: number): number | undefined {
  let end = start
  while (end < text.length && !'+\n '.includes(text[end] as string)) end++
  while (end > start && '",'.includes(text[end - 1] as string)) end--
  return end - start >= 2 ? end : undefined
}

function resolveInner(by: Surroundings, text: string, depth: number): string {
  const positions = [...text.matchAll(PREFIX)].map((match) => ({ start: match.index, end: match.index + match[0].length }))
  for (let i = positions.length - 1; i >= 1; i--) {
    const position = positions[i] as { start: number; end: number }
    const between = text.slice((positions[i - 1] as { end: number }).end, position.start)
    if ([...between].some((character) => BREAKS.has(character))) continue
    const found = findReference(text, position.start)
    if (!found || found.start !== position.start) continue
    if (depth >= MAX_NESTING) throw refFailure(found.uri, `maximum nesting depth (${MAX_NESTING}) exceeded`)
    const value = lookUp(by, found.uri)
    if (value === null || typeof value === 'object') throw refFailure(found.uri, 'nested refs must resolve to scalar values')
    return resolveInner(by, text.slice(0, found.start) + plainText(value) + text.slice(found.end), depth + 1)
  }
  return text
}

function plainText(value: GoValue): string {
  if (value === null) return '<nil>'
  return value instanceof GoInt ? value.value.toString() : String(value)
}

function refFailure(uri: string, what: string, cause?: unknown): Error {
  return failure('state/secret-ref', `expand ${uri}: ${what}`, cause === undefined ? {} : { cause })
}

/** A reference taken apart. */
interface Parsed {
  readonly scheme: string
  readonly path: string
  readonly query: URLSearchParams
  readonly fragment: string
}

function parseUri(uri: string): Parsed {
  const schemeEnd = uri.indexOf('://')
  const hash = uri.indexOf('#')
  const beforeHash = hash < 0 ? uri : uri.slice(0, hash)
  const question = beforeHash.indexOf('?')
  const address = (question < 0 ? beforeHash : beforeHash.slice(0, question)).slice(schemeEnd + 3)
  return {
    scheme: uri.slice(0, schemeEnd).toLowerCase(),
    path: decodePercent(address, uri),
    query: new URLSearchParams(question < 0 ? '' : beforeHash.slice(question + 1)),
    fragment:
      hash < 0
        ? ''
        : decodePercent(uri.slice(hash + 1), uri)
            .replace(/^#/, '')
            .replace(/^\//, ''),
  }
}

function decodePercent(text: string, uri: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    throw refFailure(uri, `invalid URL escape in "${text}"`, error)
  }
}

function lookUp(by: Surroundings, uri: string): GoValue {
  const parsed = parseUri(uri)
  const provider = Object.hasOwn(PROVIDERS, parsed.scheme) ? PROVIDERS[parsed.scheme as keyof typeof PROVIDERS] : remoteProvider(parsed.scheme)
  if (!provider) {
    throw failure('state/secret-backend', `expand ${uri}: secrets of "${parsed.scheme}" are not supported`, {
      hint: `use one of ${[...Object.keys(PROVIDERS), ...remoteSchemes].join(', ')}, or a prepare hook that writes a values file`,
    })
  }
  const isText = parsed.fragment === '' || provider.readsFragment
  const value = isText ? provider.text(by, parsed, uri) : valueAt(by.host, provider.map(by, parsed, uri), parsed.fragment, uri)
  noteSecret(by.host, value)
  return value
}

function valueAt(host: Host, map: GoMap, fragment: string, uri: string): GoValue {
  let current: GoValue = map
  for (const key of fragment.split('/')) {
    if (!(current instanceof Map)) throw refFailure(uri, `unexpected type of value for key ${key} in ${fragment}: expected a map`)
    const next: GoValue | undefined = current.get(key)
    if (next === undefined) {
      if (isTrue(host.env['HELMFILE_VALS_FAIL_ON_MISSING_KEY_IN_MAP'])) throw refFailure(uri, `no value found for key ${fragment}`)
      return null
    }
    current = next
  }
  return current
}

interface Provider {
  readonly text: (by: Surroundings, parsed: Parsed, uri: string) => string
  readonly map: (by: Surroundings, parsed: Parsed, uri: string) => GoMap
  readonly readsFragment?: boolean
}

const PROVIDERS: Readonly<Record<'echo' | 'file' | 'envsubst' | 'sops', Provider>> = {
  echo: { text: (_by, { path }) => path.replace(/\/+$/, ''), map: (_by, { path }, uri) => echoMap(path, uri) },
  file: { text: ({ host }, parsed, uri) => fileText(host, parsed, uri), map: ({ host }, parsed, uri) => mapOf(readFile(host, parsed, uri), uri) },
  envsubst: {
    text: ({ host }, { path }) => substitute(host, path.replace(/\/$/, '').trim()),
    map: ({ host }, { path }, uri) => mapOf(substitute(host, path.replace(/\/$/, '').trim()), uri),
  },
  sops: { text: decryptedText, map: (by, parsed, uri) => mapOf(decryptedText(by, parsed, uri), uri) },
}

function decryptedText({ host }: Surroundings, { path }: Parsed, uri: string): string {
  const file = resolve(host.cwd, path.replace(/\/$/, ''))
  if (!host.fs.stat(file)) throw refFailure(uri, `open ${path.replace(/\/$/, '')}: no such file or directory`)
  return fetched(host, `sops ${file}`, uri, async ({ reader }) => (await reader.decryptFile(file)).text) as string
}

/** What was fetched before, or the wish for it. */
function fetched(host: Host, key: string, uri: string, fetch: NeedsFetching['fetch']): GoValue {
  const known = fetchedSecrets(host).get(key)
  if (known === undefined) throw new NeedsFetching(key, uri, fetch)
  return known
}

/** Those of `secret-backends/table.ts`, which is loaded later. */
export const remoteSchemes: readonly string[] = [
  ...['vault', 'openbao', 'gitlab', 'awssecrets', 'awsssm', 'awskms', 's3', 'azurekeyvault', 'gcpsecrets', 'gcs', 'gkms', 'k8s'],
  ...['onepasswordconnect', 'op', 'bw', 'doppler', 'conjur', 'infisical', 'scw', 'httpjson'],
  ...['tfstate', 'tfstates3', 'tfstategs', 'tfstategitlab', 'tfstateremote', 'exec', 'keychain'],
]

/** Those that read what stands behind `#` by themselves. */
const READS_FRAGMENT: readonly string[] = ['httpjson']

/** Secrets on servers; what asks them is loaded when the first one is asked for. */
function remoteProvider(scheme: string): Provider | undefined {
  if (!remoteSchemes.includes(scheme)) return undefined
  const readsFragment = READS_FRAGMENT.includes(scheme)
  const ask =
    (kind: 'text' | 'map') =>
    ({ host }: Surroundings, { path, query, fragment }: Parsed, uri: string): GoValue =>
      fetched(host, `${kind} ${scheme}://${path}?${query}${readsFragment ? `#${fragment}` : ''}`, uri, async (by) => {
        const { askBackend } = await import('./secret-backends/ask.ts')
        return askBackend({ host: by.host, clusterData: by.clusterData }, scheme, kind, { path, query, fragment, uri })
      })
  return { text: ask('text') as Provider['text'], map: ask('map') as Provider['map'], readsFragment }
}

function echoMap(path: string, uri: string): GoMap {
  const keys = path.split('/')
  if (keys.length < 2) throw refFailure(uri, `key must have two or more components separated by "/": got "${path}"`)
  let value: GoValue = keys.at(-1) as string
  for (const key of keys.slice(0, -1).toReversed()) value = new Map([[key, value]])
  return value as GoMap
}

function readFile(host: Host, { path }: Parsed, uri: string): string {
  const file = path.replace(/\/$/, '')
  if (!host.fs.stat(file)) throw refFailure(uri, `open ${file}: no such file or directory`)
  return host.fs.readText(file)
}

function fileText(host: Host, parsed: Parsed, uri: string): string {
  const encode = parsed.query.get('encode') || 'raw'
  const text = readFile(host, parsed, uri)
  if (encode === 'raw') return text
  if (encode === 'base64') return Buffer.from(host.fs.readFile(parsed.path.replace(/\/$/, ''))).toString('base64')
  throw refFailure(uri, `Unsupported encode parameter: '${encode}'.`)
}

function mapOf(text: string, uri: string): GoMap {
  const value = decodeText({ name: uri, text })
  if (value === null) return new Map()
  if (value instanceof Map) return value
  throw refFailure(uri, 'the document is not a map')
}

/** `$NAME`, `${NAME}` and `${NAME:-default}`; unknown names are empty. */
function substitute(host: Host, text: string): string {
  return text.replace(
    /\$(?:\{([A-Za-z_]\w*)(?:(:?-)([^}]*))?\}|([A-Za-z_]\w*))/g,
    (_all, braced: string, rule: string, fallback: string, bare: string) => {
      const value = host.env[braced ?? bare]
      if (rule === undefined) return value ?? ''
      return value === undefined || (rule === ':-' && value === '') ? fallback : value
    },
  )
}
