import type { GoMap, GoValue } from './values.ts'

/**
 * A map of its own identity and Go type over the entries of another: writing to either shows in both. In Go the same map is a
 * `map[string]interface {}` in the parent's values and a `common.Values` in the subchart's.
 */
export class SharedMap extends Map<string, GoValue> {
  readonly #entries: GoMap

  constructor(entries: GoMap) {
    super()
    this.#entries = entries
  }

  override get size(): number {
    return this.#entries.size
  }

  override get(key: string): GoValue | undefined {
    return this.#entries.get(key)
  }

  override has(key: string): boolean {
    return this.#entries.has(key)
  }

  override set(key: string, value: GoValue): this {
    this.#entries.set(key, value)
    return this
  }

  override delete(key: string): boolean {
    return this.#entries.delete(key)
  }

  override clear(): void {
    this.#entries.clear()
  }

  override keys(): MapIterator<string> {
    return this.#entries.keys()
  }

  override values(): MapIterator<GoValue> {
    return this.#entries.values()
  }

  override entries(): MapIterator<[string, GoValue]> {
    return this.#entries.entries()
  }

  override forEach(visit: (value: GoValue, key: string, map: Map<string, GoValue>) => void): void {
    for (const [key, value] of this.#entries) visit(value, key, this)
  }

  override [Symbol.iterator](): MapIterator<[string, GoValue]> {
    return this.#entries[Symbol.iterator]()
  }
}
