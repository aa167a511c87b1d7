/** What ended a stretch of text: the stop character, or undefined at the end of the whole text. */
export interface Stretch {
  readonly text: string
  readonly stop: string | undefined
}

/** Walks over the text of one `--set` argument, character by character. A class because the position lives through one parse. */
export class SetCursor {
  readonly #characters: readonly string[]
  readonly #escapes: boolean
  #at = 0

  /** `escapes`: whether a backslash takes the next character as it is. */
  constructor(text: string, escapes: boolean) {
    this.#characters = [...text]
    this.#escapes = escapes
  }

  /** Reads to the first of `stops`, which is taken too. A backslash at the very end is dropped, with the end. */
  until(stops: string): Stretch {
    let text = ''
    for (;;) {
      const character = this.next()
      if (character === undefined || stops.includes(character)) return { text, stop: character }
      if (character !== '\\' || !this.#escapes) {
        text += character
        continue
      }
      const escaped = this.next()
      if (escaped === undefined) return { text, stop: undefined }
      text += escaped
    }
  }

  next(): string | undefined {
    return this.#characters[this.#at++]
  }

  peek(): string | undefined {
    return this.#characters[this.#at]
  }

  rest(): string {
    return this.#characters.slice(this.#at).join('')
  }

  /** Steps over `text`, which stands here. */
  skip(text: string): void {
    this.#at += [...text].length
  }
}
