import { lenient } from '../go/lenient.ts'
import { checkConstraint, parseConstraint, parseVersion } from '../go/masterminds-semver.ts'

/** Whether `text` is a version, read leniently (`v1`, `1.2`). */
export function isVersion(text: string): boolean {
  return lenient(() => parseVersion(text), undefined) !== undefined
}

/**
 * Whether `version` satisfies `constraint`; false when either cannot be read.
 *
 * Source: Helm 4.3.1 pkg/chart/v2/util/compatible.go (IsCompatibleRange)
 */
export function isCompatible(constraint: string, version: string): boolean {
  return lenient(() => checkConstraint(parseConstraint(constraint), parseVersion(version)), false)
}
