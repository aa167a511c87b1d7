import { sprint } from '../go/printf.ts'
import type { GoValue } from '../go/values.ts'
import type { State } from '../state/state.ts'

/** Texts and numbers of a tree, as they look when printed. Booleans and nulls are no secrets: masking them would hide every `true`. */
function leaves(value: GoValue): string[] {
  if (value === null || typeof value === 'boolean') return []
  if (value instanceof Map) return [...value.values()].flatMap(leaves)
  if (Array.isArray(value)) return value.flatMap(leaves)
  return [sprint([value])]
}

/** Every value that came out of a decrypted file of the selected releases: what must not be shown, wherever it lands. */
export async function secretValues(state: State): Promise<readonly string[]> {
  const layers = await Promise.all(state.files.flatMap((file) => file.selected.map((release) => release.layers())))
  return [...new Set(layers.flat().flatMap((layer) => (layer.secret ? leaves(layer.tree) : [])))]
}
