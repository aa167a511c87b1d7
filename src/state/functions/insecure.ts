import type { Host } from '../../base/host.ts'
import { isTrue } from '../true-words.ts'

const SWITCHES = ['HELMFILE_DISABLE_INSECURE_FEATURES', 'HELMFILE_DISABLE_INSECURE_TEMPLATE_FUNCTIONS'] as const

/** What functions that run commands or read files say when they are switched off. */
export const DISABLED: string = `${SWITCHES.join(' or ')} is active, insecure function calls are disabled`

/** True when the environment switches off functions that run commands or read files. */
export function isInsecureDisabled({ env }: Host): boolean {
  return SWITCHES.some((name) => isTrue(env[name]))
}
