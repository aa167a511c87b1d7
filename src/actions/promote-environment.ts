import { relative } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { writeAll } from '../promote/file-edits.ts'
import { planPromotion } from '../promote/plan-promotion.ts'
import type { Promotion } from '../promote/promotion.ts'
import { unifiedPatch } from '../promote/unified-patch.ts'
import type { StateRequest } from '../state/request.ts'

export type { Promotion } from '../promote/promotion.ts'

/** The paths that are promoted where nobody says which. */
const DEFAULT_KEYS: readonly string[] = ['**.image.tag', '**.image.digest', '**.version']

/** Two environments, and the way between them. */
export interface Stages {
  readonly source: string
  readonly target: string
  /** All environments in the order of promotion; absent: none. */
  readonly order?: readonly string[]
}

/** @throws DiagnosticError `promote/same-environment`, `promote/skips-stage` */
export function checkStages({ source, target, order }: Stages, force: boolean): void {
  if (source === target) throw failure('promote/same-environment', `${source} cannot be promoted to itself`)
  if (!order || force || (order[order.indexOf(source) + 1] === target && order.includes(source))) return
  const next = order[order.indexOf(source) + 1]
  const way = `promotion.order is ${order.join(' → ')}`
  const hint =
    next !== undefined && order.includes(source) ? `promote ${source} to ${next} first, or use --force` : 'use --force to promote nevertheless'
  throw failure('promote/skips-stage', `${source} is not promoted to ${target}: ${way}`, { hint })
}

/** A promotion and its files as a patch. Nothing is written yet. */
export interface PreparedPromotion extends Promotion {
  /** A unified patch of the files, named from where the run started; empty when there is nothing to write. */
  readonly patch: string
  /** Names of the files that change. */
  readonly files: readonly string[]
  /** The host as it is once the files are written. */
  readonly host: Host
  /** Writes all files or none. @throws DiagnosticError `promote/changed-meanwhile`, `promote/not-written` */
  readonly write: () => void
}

/**
 * What promoting comes to.
 *
 * @param keys patterns of paths, each text one or several with commas between
 * @throws DiagnosticError of reading state files and values
 */
export async function preparePromotion(
  host: Host,
  { source, target }: Stages,
  { keys = DEFAULT_KEYS, state }: { readonly keys?: readonly string[]; readonly state: StateRequest },
): Promise<PreparedPromotion> {
  const patterns = keys.flatMap((text) => text.split(',')).map((text) => text.trim())
  const promotion = await planPromotion(host, { source, target, state, keys: patterns.filter((text) => text !== '') })
  const changed = promotion.edits.changed()
  const nameOf = (path: string): string => relative(host.cwd, path)
  return {
    ...promotion,
    patch: unifiedPatch(changed, nameOf),
    files: changed.map(({ path }) => nameOf(path)),
    host: promotion.edits.host(),
    write: () => writeAll(host, changed),
  }
}
