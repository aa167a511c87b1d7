import { failure } from '../base/diagnostic.ts'
import { quote } from '../go/quote.ts'

const NAME = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'
const MAX_LENGTH = 53

function isLabel(label: string): boolean {
  return /^[a-z0-9-]+$/.test(label) && !label.startsWith('-') && !label.endsWith('-')
}

/**
 * Accepts names that Helm accepts for a release: DNS labels joined by dots, 53 characters at most.
 *
 * @throws DiagnosticError `render/release-name` in Helm's words
 * Source: Helm 4.3.1 pkg/chart/v2/util/validate_name.go (ValidateReleaseName)
 */
export function checkReleaseName(name: string): void {
  const refused = (reason: string): Error => failure('render/release-name', `release name check failed: release name ${quote(name)}: ${reason}`)
  if (name === '') throw refused('no name provided')
  if (name.length > MAX_LENGTH || !name.split('.').every(isLabel)) {
    throw refused(`invalid release name, must match regex ${NAME} and the length must not be longer than ${MAX_LENGTH}`)
  }
}
