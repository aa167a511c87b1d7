/** JSON with the keys of every object sorted and undefined fields left out: equal for equal values. O(size). */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  return Array.isArray(value) ? canonicalList(value) : canonicalMap(value as Readonly<Record<string, unknown>>)
}

// Texts are put together without lists of parts: digests of all objects of an environment are made of this.
function canonicalList(items: readonly unknown[]): string {
  let text = '['
  for (const item of items) text += (text === '[' ? '' : ',') + canonicalJson(item)
  return `${text}]`
}

function canonicalMap(map: Readonly<Record<string, unknown>>): string {
  let text = '{'
  for (const key of Object.keys(map).sort()) {
    if (map[key] !== undefined) text += `${text === '{' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(map[key])}`
  }
  return `${text}}`
}
