import { withoutUndefined } from '../base/without-undefined.ts'
import type { Settings } from '../settings/settings.ts'
import type { CommandContext } from './command.ts'

/** What a command does with values that nothing reads, the Helm it renders as, and what counts as a difference. */
export interface RunSettings {
  readonly unreadValues?: 'warn' | 'refuse'
  readonly helmCompat?: NonNullable<Settings['helmCompat']>
  readonly ignore?: NonNullable<NonNullable<Settings['diff']>['ignore']>
  readonly conflicts?: NonNullable<NonNullable<Settings['apply']>['conflicts']>
  readonly recreate?: readonly string[]
  readonly definitions?: NonNullable<Settings['crds']>
}

interface Given {
  readonly concurrency?: number
  readonly context?: number
  readonly suppress?: readonly string[]
  readonly strictValues?: boolean
  readonly recreate?: readonly string[]
}

/** Lays a command's own options over the settings: what was given on the command line counts, then the settings, then defaults. */
export async function withSettings<T extends Given>(
  { settings }: Pick<CommandContext, 'settings'>,
  given: T,
  whenNotSet?: 'warn',
): Promise<T & RunSettings> {
  const { helmCompat, strictValues, concurrency, diff, apply, crds } = await settings()
  const unreadValues = unreadRule(given.strictValues ?? strictValues ?? whenNotSet)
  const recreate = given.recreate ?? apply?.recreate
  return {
    ...withoutUndefined({ concurrency, context: diff?.context, suppress: diff?.suppress }),
    ...given,
    ...withoutUndefined({ helmCompat, unreadValues, ignore: diff?.ignore, definitions: crds, conflicts: apply?.conflicts }),
    ...(recreate && { recreate: [...(given.recreate ?? []), ...(apply?.recreate ?? [])] }),
  }
}

function unreadRule(strict: boolean | 'warn' | undefined): 'warn' | 'refuse' | undefined {
  if (strict === 'warn') return 'warn'
  return strict ? 'refuse' : undefined
}
