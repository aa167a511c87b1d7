import type { JsonObject } from '../base/json.ts'
import { type MutableObject, setMember } from './json.ts'
import { badRequest, unsupportedMediaType } from './status.ts'

/**
 * How a field is read: `s` text, `i` integer, `b` boolean, `y` bytes (base64), `t` time, `j` JSON in bytes, `ms` and `my` maps of text
 * and bytes, `@Name` a message; `*` before it is a list.
 */
type Message = Readonly<Record<number, readonly [name: string, form: string]>>

/** The kinds that Go clients write in protobuf, of which release storage is the one that matters. Source: generated.proto of k8s.io/api, apimachinery */
const MESSAGES: Readonly<Record<string, Message>> = {
  Unknown: { 1: ['typeMeta', '@TypeMeta'], 2: ['raw', 'y'] },
  TypeMeta: { 1: ['apiVersion', 's'], 2: ['kind', 's'] },
  Secret: { 1: ['metadata', '@ObjectMeta'], 2: ['data', 'my'], 3: ['type', 's'], 4: ['stringData', 'ms'], 5: ['immutable', 'b'] },
  ConfigMap: { 1: ['metadata', '@ObjectMeta'], 2: ['data', 'ms'], 3: ['binaryData', 'my'], 4: ['immutable', 'b'] },
  Namespace: { 1: ['metadata', '@ObjectMeta'], 2: ['spec', '@NamespaceSpec'] },
  NamespaceSpec: { 1: ['finalizers', '*s'] },
  ObjectMeta: {
    1: ['name', 's'],
    2: ['generateName', 's'],
    3: ['namespace', 's'],
    5: ['uid', 's'],
    6: ['resourceVersion', 's'],
    7: ['generation', 'i'],
    8: ['creationTimestamp', 't'],
    9: ['deletionTimestamp', 't'],
    10: ['deletionGracePeriodSeconds', 'i'],
    11: ['labels', 'ms'],
    12: ['annotations', 'ms'],
    13: ['ownerReferences', '*@OwnerReference'],
    14: ['finalizers', '*s'],
    17: ['managedFields', '*@ManagedFieldsEntry'],
  },
  OwnerReference: {
    1: ['kind', 's'],
    3: ['name', 's'],
    4: ['uid', 's'],
    5: ['apiVersion', 's'],
    6: ['controller', 'b'],
    7: ['blockOwnerDeletion', 'b'],
  },
  ManagedFieldsEntry: {
    1: ['manager', 's'],
    2: ['operation', 's'],
    3: ['apiVersion', 's'],
    4: ['time', 't'],
    6: ['fieldsType', 's'],
    7: ['fieldsV1', 'j'],
    8: ['subresource', 's'],
  },
  DeleteOptions: {
    1: ['gracePeriodSeconds', 'i'],
    2: ['preconditions', '@Preconditions'],
    3: ['orphanDependents', 'b'],
    4: ['propagationPolicy', 's'],
    5: ['dryRun', '*s'],
  },
  Preconditions: { 1: ['uid', 's'], 2: ['resourceVersion', 's'] },
  Entry: { 1: ['key', 's'], 2: ['value', 'y'] },
  Time: { 1: ['seconds', 'i'], 2: ['nanos', 'i'] },
}

const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0])
const MAX_DEPTH = 16

/**
 * Reads a body of type `application/vnd.kubernetes.protobuf` into the object its JSON form would give.
 *
 * @throws ApiError 400 for damaged bytes, 415 for a kind that is not known here
 */
export function decodeProtobuf(body: Buffer): JsonObject {
  if (!body.subarray(0, 4).equals(MAGIC)) throw badRequest('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]')
  const envelope = readMessage(body.subarray(4), 'Unknown', 0)
  const { apiVersion, kind } = (envelope['typeMeta'] ?? {}) as { readonly apiVersion?: string; readonly kind?: string }
  if (kind === undefined || !Object.hasOwn(MESSAGES, kind)) throw unsupportedMediaType(['application/json', 'application/yaml'])
  const raw = Buffer.from(String(envelope['raw'] ?? ''), 'base64')
  return { apiVersion, kind, ...readMessage(raw, kind, 0) }
}

interface Raw {
  readonly field: number
  /** A varint, or the bytes of a length-delimited field. */
  readonly value: number | Buffer
}

function* fieldsOf(bytes: Buffer): Generator<Raw> {
  let at = 0
  const varint = (): number => {
    let result = 0
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[at++]
      if (byte === undefined) throw badRequest('unexpected EOF')
      result += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return result
    }
    throw badRequest('proto: integer overflow')
  }
  while (at < bytes.length) {
    const tag = varint()
    const wire = tag & 7
    const start = at
    if (wire === 0) yield { field: Math.floor(tag / 8), value: varint() }
    else if (wire === 2) {
      const length = varint()
      at += length
      if (at > bytes.length) throw badRequest('unexpected EOF')
      yield { field: Math.floor(tag / 8), value: bytes.subarray(at - length, at) }
    } else if (wire === 1 || wire === 5) at = start + (wire === 1 ? 8 : 4)
    else throw badRequest(`proto: illegal wireType ${wire}`)
  }
}

function readMessage(bytes: Buffer, name: string, depth: number): JsonObject {
  if (depth > MAX_DEPTH) throw badRequest('proto: nested too deeply')
  const out: MutableObject = {}
  for (const { field, value } of fieldsOf(bytes)) {
    const known = MESSAGES[name]?.[field]
    if (known) addField(out, known[0], known[1], value, depth)
  }
  return out
}

function addField(out: MutableObject, name: string, form: string, value: number | Buffer, depth: number): void {
  if (form.startsWith('*')) out[name] = [...((out[name] as unknown[] | undefined) ?? []), readValue(form.slice(1), value, depth)]
  else if (form.startsWith('m')) {
    const entry = readMessage(bufferOf(value), 'Entry', depth + 1)
    const bytes = Buffer.from(String(entry['value'] ?? ''), 'base64')
    const map = (out[name] ?? {}) as MutableObject
    setMember(map, String(entry['key'] ?? ''), form === 'my' ? bytes.toString('base64') : bytes.toString('utf8'))
    out[name] = map
  } else out[name] = readValue(form, value, depth)
}

function bufferOf(value: number | Buffer): Buffer {
  if (typeof value === 'number') throw badRequest('proto: wrong wireType')
  return value
}

function readValue(form: string, value: number | Buffer, depth: number): unknown {
  if (form === 'i') return Number(value)
  if (form === 'b') return value !== 0
  const bytes = bufferOf(value)
  if (form === 's') return bytes.toString('utf8')
  if (form === 'y') return bytes.toString('base64')
  if (form === 't') return readTime(readMessage(bytes, 'Time', depth + 1))
  if (form === 'j') return readJson(bytes)
  return readMessage(bytes, form.slice(1), depth + 1)
}

function readTime(time: JsonObject): string | null {
  const seconds = Number(time['seconds'] ?? 0)
  // Go's zero time lies before the year 1: it stands for none.
  return seconds <= 0 || seconds > 253_402_300_799 ? null : `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
}

function readJson(bytes: Buffer): unknown {
  for (const { field, value } of fieldsOf(bytes)) if (field === 1) return JSON.parse(bufferOf(value).toString('utf8'))
  return {}
}
