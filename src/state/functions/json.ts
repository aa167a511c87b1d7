import { lenient } from '../../go/lenient.ts'
import type { GoFunction } from '../../go/values.ts'
import { fixed } from '../../template/functions/signature.ts'

/** Sprig's `fromJson`, which Helm replaces by its own: nil where the text cannot be read. */
export function jsonOverrides(sprig: ReadonlyMap<string, GoFunction>): readonly (readonly [string, GoFunction])[] {
  const strict = sprig.get('mustFromJson')
  if (!strict) return []
  return [['fromJson', fixed(['string'], (text: string) => lenient(() => strict.call(text), null))]]
}
