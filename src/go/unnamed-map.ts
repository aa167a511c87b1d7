import { GO_TYPE, type GoMap, type GoValue } from './values.ts'

/** Another face of the same map: reading and writing go to the one it stands for. */
class SharedMap extends Map<string, GoValue> {
  readonly #target: Map<string, GoValue>

  constructor(target: Map<string, GoValue>) {
    super()
    this.#target = target
  }

  override get size(): number {
    return this.#target.size
  }

  override get(key: string): GoValue | undefined {
    return this.#target.get(key)
  }

  override has(key: string): boolean {
    return this.#target.has(key)
  }

  override set(key: string, value: GoValue): this {
    this.#target.set(key, value)
    return this
  }

  override delete(key: string): boolean {
    return this.#target.delete(key)
  }

  override clear(): void {
    this.#target.clear()
  }

  override keys(): MapIterator<string> {
    return this.#target.keys()
  }

  override values(): MapIterator<GoValue> {
    return this.#target.values()
  }

  override entries(): MapIterator<[string, GoValue]> {
    return this.#target.entries()
  }

  override [Symbol.iterator](): MapIterator<[string, GoValue]> {
    return this.#target[Symbol.iterator]()
  }

  override forEach(visit: (value: GoValue, key: string, map: Map<string, GoValue>) => void): void {
    this.#target.forEach(visit)
  }
}

/**
 * A map without its type's name, as Go passes a `common.Values` to a parameter of type `map[string]interface {}`: the same map,
 * seen by everyone who holds it, of another type.
 */
export function unnamedMap(map: GoMap): GoMap {
  const type = map[GO_TYPE]?.type
  return type === undefined || type === 'map[string]interface {}' ? map : new SharedMap(map)
}
