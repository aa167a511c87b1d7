/** A text without what ways of quoting add to it, and where each of its characters stands in the text as it is. */
export interface PlainView {
  readonly text: string
  /** For each character of `text`: where what it was read from begins, and one after its end. */
  readonly starts: Int32Array
  readonly ends: Int32Array
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', '#34': '"', '#39': "'", quot: '"', '#43': '+' }
const ESCAPE = /\\+(?:[nrt]|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))?/y
const PERCENT = /(?:%[0-9a-fA-F]{2})+/y
const ENTITY = /&(amp|lt|gt|#34|#39|#43|quot);/y
/** Blanks, quotes, and the plus that stands for a blank in a query. */
const LEFT_OUT = /[\s"'`+]/

/**
 * What is left of `text` when the escapes of JSON, YAML, Go, URLs and HTML are undone, and blanks, line breaks, quotes and plus
 * signs are left out: a value is the same in it however it was quoted, indented or folded. O(length).
 */
export function plainView(text: string): PlainView {
  const [starts, ends] = [new Int32Array(text.length), new Int32Array(text.length)]
  const kept: string[] = []
  const keep = (characters: string, start: number, end: number): void => {
    for (const character of characters) {
      if (LEFT_OUT.test(character) || character === '\\') continue
      for (let unit = 0; unit < character.length; unit++) {
        starts[kept.length] = start
        ends[kept.length] = end
        kept.push(character[unit] as string)
      }
    }
  }
  for (let at = 0; at < text.length; ) {
    const read = unescapedAt(text, at)
    keep(read.text, at, at + read.length)
    at += read.length
  }
  return { text: kept.join(''), starts, ends }
}

/** `value` as `plainView` would show it where nothing in it was taken for an escape. */
export function strippedText(value: string): string {
  return [...value].filter((character) => !LEFT_OUT.test(character) && character !== '\\').join('')
}

function unescapedAt(text: string, at: number): { readonly text: string; readonly length: number } {
  const character = text[at] as string
  if (character === '\\') {
    const [all, unicode, byte] = matchAt(ESCAPE, text, at) ?? ['\\']
    return { text: codeText(unicode ?? byte), length: all.length }
  }
  if (character === '%') {
    const [all] = matchAt(PERCENT, text, at) ?? []
    if (all !== undefined) return { text: Buffer.from(all.replaceAll('%', ''), 'hex').toString('utf8'), length: all.length }
  }
  if (character === '&') {
    const [all, name] = matchAt(ENTITY, text, at) ?? []
    if (all !== undefined) return { text: ENTITIES[name as string] as string, length: all.length }
  }
  return { text: character, length: 1 }
}

function codeText(hex: string | undefined): string {
  return hex === undefined ? '' : String.fromCharCode(Number.parseInt(hex, 16))
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
