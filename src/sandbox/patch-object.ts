import { isObject, type JsonObject, textOf, valueAt } from '../base/json.ts'
import type { Cluster } from './cluster.ts'
import { withMetadata } from './cluster.ts'
import { convertObject } from './convert.ts'
import { decodeObject, defaulted, type FieldValidation } from './decode-object.ts'
import { duplicateKeys } from './fields/duplicate-keys.ts'
import { displayPath } from './fields/field-set.ts'
import { applyFields, type FieldConflict, updateOwners } from './fields/ownership.ts'
import { applyJsonPatch } from './patch/json-patch.ts'
import { applyMergePatch } from './patch/merge-patch.ts'
import { applyStrategicMerge } from './patch/strategic-merge.ts'
import { conform, type Mismatch } from './schema/conform.ts'
import { ApiError, badRequest, invalid, notFound, unsupportedMediaType } from './status.ts'
import { subjectOf, type Target, targetApiVersion } from './target.ts'
import { createObject, emptyObject, splitOwners, updateObject, type WriteContext, type Written, writerOf } from './write-object.ts'

/** The object of a path, in its storage version. @throws ApiError 404 */
export function liveObject(cluster: Cluster, target: Target): JsonObject {
  const live = cluster.storage.get(target.type.key, target.namespace, target.name)
  if (!live) throw notFound(subjectOf(target))
  return live
}

/**
 * Patches an object by one of the three kinds of patch that say what to change.
 *
 * @throws ApiError 404, 409, 415 for another media type, 422
 */
export function patchObject(
  cluster: Cluster,
  target: Target,
  mediaType: string,
  patch: unknown,
  context: WriteContext,
  validation: FieldValidation,
): Written {
  const live = liveObject(cluster, target)
  const versioned = convertObject(live, target.type, target.version)
  const patched = patchedObject(target, mediaType, versioned, patch)
  return updateObject(cluster, target, live, decodePatched(patched, target, validation), context)
}

const CANNOT_HANDLE = / cannot be handled as a [^:]*: (json: .*)$/

/** What does not fit its type after patching is a fault of the patch. */
function decodePatched(patched: unknown, target: Target, validation: FieldValidation): JsonObject {
  try {
    return decodeObject(patched, target, validation)
  } catch (error) {
    const why = error instanceof ApiError ? CANNOT_HANDLE.exec(error.message)?.[1] : undefined
    if (why === undefined) throw error
    throw invalid({}, [{ reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(JSON.stringify(patched))}: ${why}`, field: 'patch' }])
  }
}

function patchedObject(target: Target, mediaType: string, document: JsonObject, patch: unknown): unknown {
  switch (mediaType) {
    case 'application/json-patch+json':
      return applyJsonPatch(document, patch)
    case 'application/merge-patch+json':
      return applyMergePatch(document, requireObject(patch))
    case 'application/strategic-merge-patch+json':
      if (target.type.custom) break
      return applyStrategicMerge(document, requireObject(patch), target.type.schemaOf(target.version))
  }
  if (!target.type.custom) throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
  const accepted = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml']
  throw unsupportedMediaType(accepted)
}

function requireObject(patch: unknown): JsonObject {
  if (!isObject(patch)) throw badRequest('error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}')
  return patch
}

/**
 * Server-side apply: creates the object, or merges the fields of `applied` into it and tracks whose they are.
 *
 * @throws ApiError 400, 409 with a cause per field that another manager owns unless `force`, 422
 */
export function applyObject(cluster: Cluster, target: Target, applied: unknown, context: WriteContext & { readonly force: boolean }): Written {
  if (!isObject(applied)) throw badRequest('error decoding YAML: the patch is no object')
  const configuration = withMetadata(applied, { name: target.name, ...(target.type.namespaced ? { namespace: target.namespace } : {}) })
  checkApplied(target, applied, configuration)
  const schema = target.type.schemaOf(target.version)
  const stored = cluster.storage.get(target.type.key, target.namespace, target.name)
  if (!stored && target.subresource !== '') throw notFound(subjectOf(target))
  const version = valueAt(applied, 'metadata', 'resourceVersion')
  const { bare: live, owners } = stored
    ? splitOwners(convertObject(stored, target.type, target.version))
    : { bare: emptyObject(target), owners: new Map() }
  const writer = writerOf(cluster, target, context)
  // Whoever wrote an object that has no owners yet is one manager among others.
  const known =
    stored && owners.size === 0 ? updateOwners(emptyObject(target), live, schema, owners, { ...writer, manager: 'before-first-apply' }) : owners
  const outcome = applyFields(live, configuration, schema, known, writer, context.force)
  if (outcome.type === 'conflicts') throw conflictError(outcome.conflicts)
  const merged = conform(outcome.object ?? live, schema, target.type.custom ? 'crd' : 'go').value as JsonObject
  const decoded = withMetadata(defaulted(merged, target), version === undefined ? {} : { resourceVersion: version })
  if (!stored) return createObject(cluster, target, decoded, context, outcome.owners)
  return updateObject(cluster, target, stored, decoded, context, outcome.owners)
}

function checkApplied(target: Target, applied: JsonObject, configuration: JsonObject): void {
  const apiVersion = textOf(applied['apiVersion'])
  const kind = textOf(applied['kind'])
  if (apiVersion !== targetApiVersion(target)) {
    throw badRequest(`invalid object type: ${apiVersion}, Kind=${kind}`)
  }
  const name = textOf(valueAt(applied, 'metadata', 'name'))
  if (name !== '' && name !== target.name) throw badRequest(`the name of the object (${name}) does not match the name on the URL (${target.name})`)
  if (valueAt(applied, 'metadata', 'managedFields') !== undefined) throw badRequest('metadata.managedFields must be nil')
  const { unknown, mismatches } = conform(configuration, target.type.schemaOf(target.version), target.type.custom ? 'crd' : 'go')
  const problems = [
    ...duplicateKeys(configuration, target.type.schemaOf(target.version), ''),
    ...unknown.map((path) => `.${path}: field not declared in schema`),
    ...mismatches.map(mismatchText),
  ]
  if (problems.length === 0) return
  const all = problems.length === 1 ? problems[0] : `errors:\n${problems.map((p) => `  ${p}`).join('\n')}`
  throw new ApiError(
    500,
    '',
    `failed to create typed patch object (${textOf(valueAt(applied, 'metadata', 'namespace'))}/${target.name}; ${apiVersion}, Kind=${kind}): ${all}`,
  )
}

const EXPECTED: Readonly<Record<Mismatch['expected'], string>> = {
  string: 'string',
  integer: 'numeric (int or float)',
  number: 'numeric (int or float)',
  boolean: 'boolean',
  quantity: 'string',
  'int-or-string': 'string',
  time: 'string',
  bytes: 'string',
  map: 'map',
  list: 'list',
}

function mismatchText({ path, expected, got }: Mismatch): string {
  return `.${path}: expected ${EXPECTED[expected]}, got ${Array.isArray(got) ? 'list' : isObject(got) ? 'map' : typeof got === 'number' ? 'int' : typeof got}`
}

/** The refusal of an apply, worded as an API server's. Source: apimachinery managedfields conflict.go */
function conflictError(conflicts: readonly FieldConflict[]): ApiError {
  const named = conflicts.map(({ owner, path }) => ({ manager: managerText(owner), field: displayPath(path) }))
  const causes = named.map(({ manager, field }) => ({ reason: 'FieldManagerConflict', message: `conflict with ${manager}`, field }))
  return new ApiError(409, 'Conflict', conflictMessage(named), { causes })
}

function conflictMessage(conflicts: readonly { readonly manager: string; readonly field: string }[]): string {
  const [only] = conflicts
  if (only && conflicts.length === 1) return `Apply failed with 1 conflict: conflict with ${only.manager}: ${only.field}`
  const managers = [...new Set(conflicts.map((c) => c.manager))].sort()
  const lines = managers.flatMap((manager) => [
    `conflicts with ${manager}:`,
    ...conflicts.filter((c) => c.manager === manager).map((c) => `- ${c.field}`),
  ])
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`
}

function managerText(owner: FieldConflict['owner']): string {
  const subresource = owner.subresource === '' ? '' : ` with subresource "${owner.subresource}"`
  return `"${owner.manager}"${subresource}${owner.operation === 'Update' ? ` using ${owner.apiVersion}` : ''}`
}
