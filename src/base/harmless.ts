/** Characters that would steer a terminal, or turn the order of what it shows. */
const STEERING = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\r(?!\n)/g

/** The picture of a control character, as wide as any letter, so that carets stay in their places. */
function pictureOf(char: string): string {
  const code = char.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  return code === 0x7f ? '\u2421' : '\ufffd'
}

/** `text` of a chart or a server as a terminal or a comment may show it: pictures stand for characters that would do something there. */
export function harmless(text: string): string {
  return text.replace(STEERING, pictureOf)
}
