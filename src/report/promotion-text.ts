import { placeOf } from '../base/source.ts'
import { toPlain } from '../go/plain.ts'
import { pathText } from '../promote/path-pattern.ts'
import type { LeftValue, Owner, PromotedValue, Promotion } from '../promote/promotion.ts'
import { paintFor } from './paint.ts'

/** What is promoted, as a patch, and what is left to do by hand; nothing where there is neither. */
export function formatPromotion(promotion: Promotion & { readonly patch: string }, options: { readonly color: boolean }): string {
  const paint = paintFor(options.color)
  const { values, left, patch, source, target } = promotion
  if (patch === '' && left.length === 0) return `nothing to promote from ${source} to ${target}\n`
  const lines = patch === '' ? [] : patch.trimEnd().split('\n')
  const painted = lines.map((line) => (line.startsWith('+') ? paint.added(line) : line.startsWith('-') ? paint.removed(line) : line))
  const also = values.filter(({ alsoChanges }) => alsoChanges.length > 0).map(alsoLine)
  const open = left.length === 0 ? [] : [paint.strong('to do by hand:'), ...left.flatMap(leftLines)]
  return [painted, also, open]
    .filter((part) => part.length > 0)
    .map((part) => `${part.join('\n')}\n`)
    .join('\n')
}

function alsoLine({ path, alsoChanges }: PromotedValue): string {
  return `note: ${pathText(path)} reaches releases that are not selected too: ${alsoChanges.join(', ')}`
}

function leftLines({ owner, what, path, reason, todo, at }: LeftValue): readonly string[] {
  const where = owner.kind === 'release' ? `${owner.id} ` : ''
  const place = at ? ` (${placeOf(at)})` : ''
  const subject = what === 'value' ? pathText(path) : what === 'version' ? 'chart version' : 'lock'
  return [`  ${where}${subject}: ${reason}${place}`, `    ${todo}`]
}

/** A promotion for programs. */
export function promotionDocument(
  promotion: Promotion & { readonly patch: string; readonly files: readonly string[] },
): Readonly<Record<string, unknown>> {
  const { source, target, values, left, files, patch } = promotion
  return {
    formatVersion: 1,
    source,
    target,
    values: values.map(({ owner, path, from, to, file, alsoChanges }) => ({
      release: releaseOf(owner),
      path: pathText(path),
      from: from === undefined ? null : toPlain(from),
      to: toPlain(to),
      file,
      alsoChanges,
    })),
    left: left.map(({ owner, what, path, reason, todo, at }) => ({
      release: releaseOf(owner),
      what,
      path: pathText(path),
      reason,
      todo,
      at: at ? placeOf(at) : null,
    })),
    files,
    patch,
  }
}

function releaseOf(owner: Owner): string | null {
  return owner.kind === 'release' ? owner.id : null
}
