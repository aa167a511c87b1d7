import type { Source, Span } from '../base/source.ts'
import type { Piece } from '../template/trace.ts'

/** The text that a template gave, as a source whose places lead back to the template; `pieces` tell which node wrote what, in order. */
export function renderedSource(name: string, text: string, pieces: readonly Piece[]): Source {
  return { name, text, origin: (start, end) => originIn(pieces, start, end) }
}

/** As `renderedSource`, asking for the pieces when a place is wanted for the first time; without them places stay where they are. */
export function lazilyRenderedSource(name: string, text: string, pieces: () => readonly Piece[]): Source {
  let known: readonly Piece[] | undefined
  return {
    name,
    text,
    origin: (start, end) => {
      known ??= pieces()
      return originIn(known, start, end)
    },
  }
}

/** A text was copied letter by letter; what an action printed comes from the whole action. */
function originIn(pieces: readonly Piece[], start: number, end: number): Span | undefined {
  const index = indexAt(pieces, start)
  const piece = pieces[index]
  if (!piece) return undefined
  const { source, node } = piece
  if (node.kind !== 'text') return { source, ...actionAround(source.text, node.at) }
  const at = node.at + start - piece.from
  const pieceEnd = node.at + node.text.length
  return { source, start: Math.min(at, pieceEnd), end: Math.max(at, Math.min(node.at + end - piece.from, pieceEnd)) }
}

function indexAt(pieces: readonly Piece[], offset: number): number {
  let low = 0
  let high = pieces.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((pieces[middle] as Piece).from <= offset) low = middle
    else high = middle - 1
  }
  return low
}

function actionAround(text: string, at: number): { readonly start: number; readonly end: number } {
  const start = Math.max(0, text.lastIndexOf('{{', at))
  const close = text.indexOf('}}', at)
  return { start, end: close < 0 ? text.length : close + 2 }
}
