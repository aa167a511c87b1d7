/** Lines at the bottom of a terminal that are drawn over again, below text that stays. */
export interface LiveRegion {
  /** Puts `above` (whole lines) where it stays and draws `lines` below it. Each line must fit into the terminal's width. */
  draw(lines: readonly string[], above?: string): void
}

const UP = (lines: number): string => (lines === 0 ? '' : `\u001b[${lines}A`)
const TO_END_OF_LINE = '\u001b[K'
const TO_END_OF_SCREEN = '\u001b[J'

/** Draws with one write each time, line over line, so that nothing flickers. */
export function liveRegion(write: (text: string) => void): LiveRegion {
  let drawn = 0
  return {
    draw(lines, above = '') {
      const overwritten = [...above.split('\n').slice(0, -1), ...lines].map((line) => `${line}${TO_END_OF_LINE}\n`)
      write(`${UP(drawn)}${overwritten.join('')}${TO_END_OF_SCREEN}`)
      drawn = lines.length
    },
  }
}
