import type { JsonObject } from '../base/json.ts'

const texts = new WeakMap<JsonObject, string>()

/** An object's JSON text without `kind` and `apiVersion`, made once per stored object: how items of built-in kinds stand in lists. */
export function bareText(object: JsonObject): string {
  let text = texts.get(object)
  if (text === undefined) {
    const { kind: _kind, apiVersion: _apiVersion, ...rest } = object
    text = JSON.stringify(rest)
    texts.set(object, text)
  }
  return text
}

/** An object's JSON text, `kind` and `apiVersion` first. */
export function fullText(object: JsonObject): string {
  const bare = bareText(object)
  return `{"kind":${JSON.stringify(object['kind'])},"apiVersion":${JSON.stringify(object['apiVersion'])}${bare === '{}' ? '}' : `,${bare.slice(1)}`}`
}
