import { isObject, type JsonObject, textOf, valueAt } from '../base/json.ts'
import { convertObject } from './convert.ts'
import { defaultObject } from './defaults/default-object.ts'
import { conform, type Mismatch } from './schema/conform.ts'
import { applySchemaDefaults } from './schema/crd-defaults.ts'
import { type ApiError, badRequest } from './status.ts'
import { type Target, targetApiVersion } from './target.ts'

/** How strictly members that no type knows are met, and where warnings of them go. */
export interface FieldValidation {
  readonly mode: 'Ignore' | 'Warn' | 'Strict'
  readonly warnings: string[]
}

/**
 * Reads an object of the target's kind in the request's version: unknown members go, defaults come, the result is in the storage version.
 *
 * @throws ApiError 400 when it is no such object, or has unknown members under strict validation
 */
export function decodeObject(raw: unknown, target: Target, validation?: FieldValidation): JsonObject {
  if (!isObject(raw)) throw badRequest('the object provided is unrecognized (must be of type Object)')
  checkKind(raw, target)
  const typed = { ...raw, apiVersion: targetApiVersion(target), kind: target.type.kind }
  const { value, unknown, mismatches } = conform(typed, target.type.schemaOf(target.version), target.type.custom ? 'crd' : 'go')
  const mismatch = mismatches[0]
  if (mismatch && !target.type.custom) throw cannotBeHandled(target, target.type.kind, target.version, mismatchMessage(mismatch, target.type.kind))
  reportUnknown(unknown, target, validation)
  return defaulted(value as JsonObject, target)
}

/** The object with its kind's defaults, in the storage version. */
export function defaulted(object: JsonObject, target: Target): JsonObject {
  const custom = target.type.custom?.get(target.version)
  const full = custom ? applySchemaDefaults(object, custom.schema) : object
  const converted = convertObject(full, target.type, target.type.storageVersion)
  return target.type.custom ? converted : defaultObject(converted)
}

function cannotBeHandled(target: Target, kind: string, version: string, why: string): ApiError {
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${target.type.kind}: ${why}`)
}

function checkKind(raw: JsonObject, target: Target): void {
  const apiVersion = textOf(raw['apiVersion'])
  const kind = textOf(raw['kind'])
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1)
  if (target.type.custom && (apiVersion === '' || kind === '')) throw badRequest(`Object 'Kind' is missing in '${JSON.stringify(raw)}'`)
  if (apiVersion !== '' && apiVersion !== targetApiVersion(target)) {
    throw cannotBeHandled(
      target,
      kind || target.type.kind,
      version,
      `no kind "${kind || target.type.kind}" is registered for version "${apiVersion}" in scheme "pkg/runtime/scheme.go:111"`,
    )
  }
  if (kind !== '' && kind !== target.type.kind) {
    const group = (target.type.group || 'core').split('.')[0]
    throw cannotBeHandled(
      target,
      kind,
      target.version,
      `converting (${target.version}.${kind}) to (${group}.${target.type.kind}): unknown conversion`,
    )
  }
}

function reportUnknown(unknown: readonly string[], target: Target, validation: FieldValidation | undefined): void {
  if (!validation || unknown.length === 0 || validation.mode === 'Ignore') return
  const texts = unknown.map((path) => `unknown field "${path}"`)
  if (validation.mode === 'Strict') throw cannotBeHandled(target, target.type.kind, target.version, `strict decoding error: ${texts.join(', ')}`)
  validation.warnings.push(...texts)
}

const GO_TYPES: Readonly<Record<Mismatch['expected'], string>> = {
  string: 'string',
  integer: 'int32',
  number: 'float64',
  boolean: 'bool',
  quantity: 'resource.Quantity',
  'int-or-string': 'intstr.IntOrString',
  time: 'v1.Time',
  bytes: '[]uint8',
  map: 'map',
  list: 'slice',
}

const QUANTITY_FORM = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

function mismatchMessage({ path, expected, got, holder }: Mismatch, kind: string): string {
  if (expected === 'quantity') return QUANTITY_FORM
  if (expected === 'bytes' && typeof got === 'string') return `illegal base64 data at input byte ${illegalBase64At(got)}`
  const found = Array.isArray(got)
    ? 'array'
    : isObject(got)
      ? 'object'
      : typeof got === 'number'
        ? 'number'
        : typeof got === 'boolean'
          ? 'bool'
          : 'string'
  return `json: cannot unmarshal ${found} into Go struct field ${holder || kind}.${path.replace(/\[\d+\]/g, '')} of type ${GO_TYPES[expected]}`
}

function illegalBase64At(text: string): number {
  const found = /[^A-Za-z0-9+/]/.exec(text)
  return found ? found.index : text.length - (text.length % 4)
}

/** The name and namespace an object is to have, checked against those of the path. @throws ApiError 400 when they differ */
export function checkIdentity(object: JsonObject, target: Target): void {
  const name = textOf(valueAt(object, 'metadata', 'name'))
  const namespace = textOf(valueAt(object, 'metadata', 'namespace'))
  if (target.name !== '' && name !== '' && name !== target.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${target.name})`)
  }
  if (target.type.namespaced && namespace !== '' && namespace !== target.namespace) {
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`)
  }
}
