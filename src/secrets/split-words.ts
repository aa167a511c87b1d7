/**
 * Splits a command line into words as a POSIX shell does, without expanding anything; undefined when a quote is not closed.
 *
 * Source: github.com/google/shlex, which sops uses for `SOPS_AGE_KEY_CMD`
 */
export function splitWords(text: string): string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i)
    if (character === '\\' && quote !== "'") {
      word = (word ?? '') + text.charAt(++i)
    } else if (quote !== '') {
      if (character === quote) quote = ''
      else word += character
    } else if (character === '"' || character === "'") {
      quote = character
      word ??= ''
    } else if (character === '#' && word === undefined) {
      i = lineEnd(text, i)
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + character
  }
  if (word !== undefined) words.push(word)
  return quote === '' ? words : undefined
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}
