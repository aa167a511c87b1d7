import { quote } from '../../go/quote.ts'
import { GoError } from '../../go/values.ts'
import { type Draft, draftOf, LATEST_DRAFT } from './drafts.ts'
import { metaschema } from './metaschemas.ts'
import type { Json } from './parse-schema.ts'
import { decodeFragment, encodeFragment, escapeToken } from './pointer.ts'

/** A schema with a name of its own inside a document, or the whole document. */
export interface Resource {
  /** Where it stands in its document. */
  readonly pointer: string
  readonly id: string
  readonly draft: Draft
  /** Pointers by anchor. */
  readonly anchors: Map<string, string>
  readonly dynamicAnchors: Set<string>
}

/** A document with the schemas found in it so far. */
export interface Root {
  readonly url: string
  readonly document: Json
  readonly resources: Map<string, Resource>
  readonly visited: Set<string>
}

/** Where a reference leads. */
export interface Target {
  readonly root: Root
  readonly pointer: string
}

type Fields = ReadonlyMap<string, Json>

function text(fields: Fields, key: string): string | undefined {
  const value = fields.get(key)
  return typeof value === 'string' ? value : undefined
}

/** The URL before `#` and the decoded fragment behind it. */
export function splitUrl(url: string): { readonly base: string; readonly fragment: string } {
  const hash = url.indexOf('#')
  return hash < 0 ? { base: url, fragment: '' } : { base: url.slice(0, hash), fragment: decodeFragment(url.slice(hash + 1)) }
}

function joinUrl(base: string, reference: string): string {
  if (reference === '') return base
  if (URL.canParse(reference) && !/^(?:https?|file):/i.test(reference)) return reference
  if (!URL.canParse(reference, base)) throw new GoError(`error in parsing ${quote(reference)}: invalid reference`)
  return new URL(reference, base).href
}

/** The schemas and documents one validation may refer to: the given ones and the metaschemas. Nothing is fetched. */
export class Resources {
  readonly #roots = new Map<string, Root>()
  readonly #documents = new Map<string, Json>()
  readonly #onUnresolvedUrn: (urn: string) => void

  constructor(onUnresolvedUrn: (urn: string) => void) {
    this.#onUnresolvedUrn = onUnresolvedUrn
  }

  add(url: string, document: Json): void {
    this.#documents.set(url, document)
  }

  /** @throws GoError when the document is not at hand, or its names clash */
  root(url: string): Root {
    const known = this.#roots.get(url)
    if (known) return known
    const document = this.#load(url)
    const root: Root = { url, document, resources: new Map(), visited: new Set() }
    this.collect(root, document, url, '', LATEST_DRAFT)
    this.#roots.set(url, root)
    return root
  }

  #load(url: string): Json {
    const given = this.#documents.get(url)
    const known = given === undefined ? metaschema(url) : given
    if (known !== undefined) return known
    if (url.startsWith('urn:')) {
      this.#onUnresolvedUrn(url)
      return true
    }
    if (url.startsWith('file:')) throw new GoError(`failing loading ${quote(url)}: open ${new URL(url).pathname}: no such file or directory`)
    const scheme = /^https?:/.test(url)
    throw new GoError(
      `failing loading ${quote(url)}: ${scheme ? `HTTP request failed for ${url}: schemas outside the chart are not fetched` : `no URLLoader registered for ${quote(url)}`}`,
    )
  }

  /** @throws GoError when a `$schema` names neither a draft nor a document at hand */
  #draft(fields: Fields, fallback: Draft, seen: ReadonlySet<string>): Draft {
    const named = text(fields, '$schema')
    if (named === undefined) return fallback
    const draft = draftOf(named)
    if (draft) return draft
    const { base } = splitUrl(named)
    if (seen.has(base)) throw new GoError(`cycle in resolving $schema in ${quote(base)}`)
    const document = this.#load(base)
    return document instanceof Map ? this.#draft(document as Fields, fallback, new Set([...seen, base])) : fallback
  }

  /** Notes the resources and anchors in `schema` and in all schemas below it. */
  collect(root: Root, schema: Json, base: string, pointer: string, fallback: Draft): void {
    if (root.visited.has(pointer)) return
    root.visited.add(pointer)
    if (!(schema instanceof Map)) {
      if (pointer === '') root.resources.set('', newResource('', base, fallback))
      return
    }
    const fields = schema as Fields
    const declared = this.#draft(fields, fallback, new Set([root.url]))
    const draft = identifier(fields, declared) === '' && pointer !== '' ? fallback : declared
    const id = identifier(fields, draft)
    const here = id === '' ? base : joinUrl(base, id)
    if (id !== '' || pointer === '') addResource(root, newResource(pointer, here, draft))
    const resource = [...root.resources.values()].find((candidate) => candidate.id === here) ?? resourceAt(root, pointer)
    collectAnchors(root, fields, pointer, resource)
    for (const [below, inner] of subschemas(fields, draft, pointer)) this.collect(root, inner, here, below, resource.draft)
  }

  /** @throws GoError for an anchor nobody set, and as `root` */
  resolve(from: Root, resource: Resource, reference: string): Target {
    const { base, fragment } = splitUrl(reference)
    const url = joinUrl(resource.id, base)
    const own = url === from.url ? resourceAt(from, '') : [...from.resources.values()].find((candidate) => candidate.id === url)
    if (own) return resolveFragment(from, own, fragment)
    const root = this.root(url)
    return resolveFragment(root, resourceAt(root, ''), fragment)
  }
}

function newResource(pointer: string, id: string, draft: Draft): Resource {
  return { pointer, id, draft, anchors: new Map(), dynamicAnchors: new Set() }
}

function addResource(root: Root, resource: Resource): void {
  for (const known of root.resources.values()) {
    if (known.id !== resource.id) continue
    if (known.pointer === resource.pointer) return
    throw new GoError(`duplicate id ${quote(resource.id)} in ${quote(root.url)} at ${quote(resource.pointer)} and ${quote(known.pointer)}`)
  }
  root.resources.set(resource.pointer, resource)
}

/** The resource that the schema at `pointer` belongs to. */
export function resourceAt(root: Root, pointer: string): Resource {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const found = root.resources.get(at)
    if (found) return found
    if (!at.includes('/')) return root.resources.get('') as Resource
  }
}

/** Before draft 2019-09 nothing beside a `$ref` counts. */
function identifier(fields: Fields, draft: Draft): string {
  if (draft.version < 2019 && fields.has('$ref')) return ''
  return splitUrl(text(fields, draft.idKeyword) ?? '').base
}

function addAnchor(root: Root, resource: Resource, anchor: string, pointer: string): void {
  const known = resource.anchors.get(anchor)
  if (known !== undefined && known !== pointer) {
    throw new GoError(`duplicate anchor ${quote(anchor)} in ${quote(root.url)} at ${quote(known)} and ${quote(pointer)}`)
  }
  resource.anchors.set(anchor, pointer)
}

function collectAnchors(root: Root, fields: Fields, pointer: string, resource: Resource): void {
  const { version, idKeyword } = resource.draft
  if (version < 2019) {
    if (fields.has('$ref')) return
    const { fragment } = splitUrl(text(fields, idKeyword) ?? '')
    if (fragment !== '' && !fragment.startsWith('/')) addAnchor(root, resource, fragment, pointer)
    return
  }
  const anchor = text(fields, '$anchor')
  if (anchor !== undefined) addAnchor(root, resource, anchor, pointer)
  const dynamic = version >= 2020 ? text(fields, '$dynamicAnchor') : undefined
  if (dynamic !== undefined) {
    addAnchor(root, resource, dynamic, pointer)
    resource.dynamicAnchors.add(dynamic)
  }
}

/** The schemas directly below one, with their pointers. */
function* subschemas(fields: Fields, draft: Draft, pointer: string): Generator<readonly [string, Json]> {
  for (const keyword of draft.single) {
    const value = fields.get(keyword)
    if (value !== undefined) yield [`${pointer}/${keyword}`, value]
  }
  for (const keyword of draft.lists) {
    const value = fields.get(keyword)
    if (Array.isArray(value)) for (const [i, item] of (value as readonly Json[]).entries()) yield [`${pointer}/${keyword}/${i}`, item]
  }
  for (const keyword of draft.maps) {
    const value = fields.get(keyword)
    if (value instanceof Map) for (const [name, item] of value as Fields) yield [`${pointer}/${keyword}/${escapeToken(name)}`, item]
  }
}

function resolveFragment(root: Root, resource: Resource, fragment: string): Target {
  if (fragment === '' || fragment.startsWith('/')) return { root, pointer: resource.pointer + fragment }
  const pointer = resource.anchors.get(fragment)
  if (pointer !== undefined) return { root, pointer }
  throw new GoError(`anchor in ${quote(`${resource.id}#${encodeFragment(fragment)}`)} not found in schema ${quote(root.url)}`)
}
