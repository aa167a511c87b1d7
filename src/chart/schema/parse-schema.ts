import { decodeJson } from '../../go/json-decode.ts'
import { GoError } from '../../go/values.ts'
import { Decimal } from './decimal.ts'

/** A JSON value whose numbers are exact. */
export type Json = null | boolean | string | Decimal | readonly Json[] | ReadonlyMap<string, Json>

/** Nesting beyond which a schema is refused; Go's decoder bears ten thousand. */
const MAX_DEPTH = 2000

const NUMBER = /-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y
const STRING = /"(?:[^"\\]|\\.)*"/y

/** Reads a text that is known to be JSON. */
class Reader {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  value(): Json {
    if (++this.#depth > MAX_DEPTH) throw new GoError('exceeded max depth')
    const value = this.#any()
    this.#depth--
    return value
  }

  #any(): Json {
    switch (this.#next()) {
      case '{':
        return this.#object()
      case '[':
        return this.#array()
      case '"':
        return this.#string()
      case 't':
        return this.#word('true', true)
      case 'f':
        return this.#word('false', false)
      case 'n':
        return this.#word('null', null)
      default:
        return new Decimal(this.#match(NUMBER))
    }
  }

  #next(): string {
    while (' \t\r\n,:'.includes(this.#text.charAt(this.#at)) && this.#at < this.#text.length) this.#at++
    return this.#text.charAt(this.#at)
  }

  #word<T>(word: string, value: T): T {
    this.#at += word.length
    return value
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += Math.max(1, found.length)
    return found
  }

  #string(): string {
    return decodeJson(this.#match(STRING)).value as string
  }

  #array(): readonly Json[] {
    this.#at++
    const items: Json[] = []
    while (this.#next() !== ']') items.push(this.value())
    this.#at++
    return items
  }

  #object(): ReadonlyMap<string, Json> {
    this.#at++
    const entries = new Map<string, Json>()
    while (this.#next() !== '}') {
      const key = this.#string()
      this.#next()
      entries.set(key, this.value())
    }
    this.#at++
    return entries
  }
}

/** What Go's streaming decoder says where its whole-text decoder says something else. */
function streamingMessage(message: string, text: string): string {
  if (message === 'unexpected end of JSON input') return text.trim() === '' ? 'EOF' : 'unexpected EOF'
  return message.endsWith('after top-level value') ? 'invalid character after top-level value' : message
}

/**
 * A JSON document with exact numbers; of equal keys the last counts.
 *
 * @throws GoError with the text of Go's decoder
 * Source: santhosh-tekuri/jsonschema 6 loader.go (UnmarshalJSON)
 */
export function parseSchema(text: string): Json {
  try {
    decodeJson(text)
  } catch (error) {
    throw error instanceof GoError ? new GoError(streamingMessage(error.message, text)) : error
  }
  return new Reader(text).value()
}
