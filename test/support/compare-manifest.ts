/** Where two outputs first differ: a line number of the expected one, and both lines. */
export interface Difference {
  readonly line: number
  readonly expected: string
  readonly actual: string
}

type Line = readonly [number: number, text: string]

/** The lines that count: blank ones that end a document are left out, for versions of Helm print another number of them. */
function countedLines(text: string): readonly Line[] {
  const lines = text.split('\n')
  const endsDocument = (from: number): boolean => {
    let next = from
    while (next < lines.length && lines[next]?.trim() === '') next++
    return next >= lines.length || lines[next] === '---'
  }
  return lines.map((line, i): Line => [i + 1, line]).filter(([number, line]) => line.trim() !== '' || !endsDocument(number))
}

/**
 * Where two manifests first differ; null when they are equal. `volatile` lines (numbers of the expected text, from 1) are free.
 */
export function compareManifest(expected: string, actual: string, volatile: readonly number[] = []): Difference | null {
  const want = countedLines(expected)
  const got = countedLines(actual)
  const free = new Set(volatile)
  for (let i = 0; i < Math.max(want.length, got.length); i++) {
    const [number, text] = want[i] ?? []
    const [, other] = got[i] ?? []
    if (text !== undefined && other !== undefined && (text === other || free.has(number as number))) continue
    return { line: number ?? want.length + 1, expected: text ?? '<end>', actual: other ?? '<end>' }
  }
  return null
}
