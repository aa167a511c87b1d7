import { GoError, type GoFunction, type GoValue } from '../../go/values.ts'
import { fixed } from '../../template/functions/signature.ts'

/** Sprig's `fromJson`, which Helm replaces by its own: nil where the text cannot be read. */
export function jsonOverrides(sprig: ReadonlyMap<string, GoFunction>): readonly (readonly [string, GoFunction])[] {
  const strict = sprig.get('mustFromJson')
  if (!strict) return []
  const lenient = (text: string): GoValue => {
    try {
      return strict.call(text)
    } catch (error) {
      if (error instanceof GoError) return null
      throw error
    }
  }
  return [['fromJson', fixed(['string'], lenient)]]
}
