import { MAX_TEXT } from '../../go/count-nodes.ts'
import { GoPanic } from '../../go/values.ts'

const TOO_LONG = 'strings: Repeat output length overflow'

/** `strings.Repeat`. @throws GoPanic for a negative count or a result that is too long */
export function repeatText(text: string, count: bigint): string {
  if (count < 0n) throw new GoPanic('strings: negative Repeat count')
  if (BigInt(text.length) * count > BigInt(MAX_TEXT)) throw new GoPanic(TOO_LONG)
  return text.repeat(Number(count))
}

/** The parts with `separator` between them. @throws GoPanic when that is too long */
export function joinText(parts: readonly string[], separator: string): string {
  const length = parts.reduce((total, part) => total + part.length, separator.length * Math.max(0, parts.length - 1))
  if (length > MAX_TEXT) throw new GoPanic(TOO_LONG)
  return parts.join(separator)
}
