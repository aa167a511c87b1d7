/** Entries above which a copy becomes a new base instead of being carried along. */
const SMALL = 64

/**
 * A table whose copies cost next to nothing: a base that never changes and is shared, and a few entries of its own over it.
 * `tpl` copies an engine's tables at each call.
 */
export class LayeredTable<T> {
  #base: ReadonlyMap<string, T>
  #own: Map<string, T>

  constructor(base: ReadonlyMap<string, T> = new Map(), own: Map<string, T> = new Map()) {
    this.#base = base
    this.#own = own
  }

  get(name: string): T | undefined {
    return this.#own.get(name) ?? this.#base.get(name)
  }

  set(name: string, value: T): void {
    this.#own.set(name, value)
  }

  /** A table with the same entries; what is set in one is not seen in the other. */
  copy(): LayeredTable<T> {
    if (this.#own.size > SMALL) {
      this.#base = new Map([...this.#base, ...this.#own])
      this.#own = new Map()
    }
    return new LayeredTable(this.#base, new Map(this.#own))
  }
}
