import { checkConstraint, parseConstraint, parseVersion } from '../go/masterminds-semver.ts'
import { GoError } from '../go/values.ts'

/** Whether `text` is a version, read leniently (`v1`, `1.2`). */
export function isVersion(text: string): boolean {
  return orUndefined(() => parseVersion(text)) !== undefined
}

/**
 * Whether `version` satisfies `constraint`; false when either cannot be read.
 *
 * Source: Helm 4.3.1 pkg/chart/v2/util/compatible.go (IsCompatibleRange)
 */
export function isCompatible(constraint: string, version: string): boolean {
  return orUndefined(() => checkConstraint(parseConstraint(constraint), parseVersion(version))) ?? false
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof GoError) return undefined
    throw error
  }
}
