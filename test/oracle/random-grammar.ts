import fc, { type Arbitrary } from 'fast-check'

/** Joins what the parts of a little grammar give: the rules of texts that functions read. */
export function join(...parts: readonly (string | Arbitrary<string>)[]): Arbitrary<string> {
  return fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))).map((list) => list.join(''))
}

/** `minLength` to `maxLength` times `part`. */
export function repeated(part: Arbitrary<string>, minLength: number, maxLength: number, between = ''): Arbitrary<string> {
  return fc.array(part, { minLength, maxLength }).map((list) => list.join(between))
}

/** `part`, or nothing `others` times as often. */
export function maybe(part: Arbitrary<string>, others = 1): Arbitrary<string> {
  return fc.oneof({ weight: others, arbitrary: fc.constant('') }, { weight: 1, arbitrary: part })
}

/** One of the words of `text`. */
export const words = (text: string): Arbitrary<string> => fc.constantFrom(...text.split(' '))

/** A string literal of a template. */
export function literal(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`)
}
