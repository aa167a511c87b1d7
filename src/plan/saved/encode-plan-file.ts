import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { failure } from '../../base/diagnostic.ts'
import { isObject, type JsonObject } from '../../base/json.ts'
import { canonicalJson } from './canonical-json.ts'
import { PLAN_FILE_FORMAT, PLAN_FILE_VERSION, type PlanFile } from './plan-file.ts'

/** What unpacks to more than this was not written by us. */
const MAX_BYTES = 1024 * 1024 * 1024

function digestOf(content: unknown): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex')
}

/** The bytes of a plan file: gzipped JSON with a digest over all of it. */
export function encodePlanFile(file: PlanFile): Uint8Array {
  const { format, formatVersion, ...rest } = file
  return gzipSync(JSON.stringify({ format, formatVersion, digest: digestOf(file), ...rest }))
}

/**
 * Reads a plan file.
 *
 * @param name for messages
 * @throws DiagnosticError `plan/no-plan-file`, `plan/other-format`, `plan/damaged-file`
 */
export function decodePlanFile(bytes: Uint8Array, name: string): PlanFile {
  const content = jsonIn(bytes, name)
  const { digest, ...file } = content
  if (file['format'] !== PLAN_FILE_FORMAT) throw noPlanFile(name)
  if (file['formatVersion'] !== PLAN_FILE_VERSION) {
    throw failure('plan/other-format', `the plan has format version ${String(file['formatVersion'])}, and this Flotilla reads ${PLAN_FILE_VERSION}`, {
      subject: name,
      hint: 'make a new plan with the Flotilla that is to apply it',
    })
  }
  if (digest !== digestOf(file) || !hasShape(file)) {
    throw failure('plan/damaged-file', 'the plan file is damaged: its content does not match its digest', { subject: name, hint: 'make a new plan' })
  }
  return file as unknown as PlanFile
}

/** What all readers rely on; the rest is as good as the digest. */
function hasShape(file: Readonly<Record<string, unknown>>): boolean {
  const { environment, leaseName, createdAt, expiresAt, clusters, plan, work } = file
  const { releases } = (plan ?? {}) as { readonly releases?: unknown }
  const isText = typeof environment === 'string' && typeof leaseName === 'string'
  return (
    isText &&
    typeof createdAt === 'number' &&
    typeof expiresAt === 'number' &&
    Array.isArray(clusters) &&
    Array.isArray(releases) &&
    typeof work === 'object'
  )
}

function jsonIn(bytes: Uint8Array, name: string): JsonObject {
  try {
    const content: unknown = JSON.parse(gunzipSync(bytes, { maxOutputLength: MAX_BYTES }).toString('utf8'))
    if (isObject(content)) return content
  } catch (error) {
    throw noPlanFile(name, error)
  }
  throw noPlanFile(name)
}

function noPlanFile(name: string, cause?: unknown): Error {
  return failure('plan/no-plan-file', 'this is no saved plan', {
    subject: name,
    hint: 'name a file that "flotilla plan -o FILE" wrote, and that was not cut off or changed on its way',
    ...(cause === undefined ? {} : { cause }),
  })
}
