/** What an element of a Go time layout stands for; the element's own text says the rest. */
export type LayoutKind =
  | 'text'
  | 'long month'
  | 'month'
  | 'number month'
  | 'long weekday'
  | 'weekday'
  | 'day'
  | 'year day'
  | 'hour'
  | 'hour 12'
  | 'minute'
  | 'second'
  | 'long year'
  | 'year'
  | 'PM'
  | 'pm'
  | 'zone name'
  | 'zone offset'
  | 'fraction'

/** One element with the literal text before it; `text` kind at the layout's end, with an empty element. */
export interface LayoutElement {
  readonly prefix: string
  readonly kind: LayoutKind
  readonly element: string
  /** Where the layout goes on. */
  readonly end: number
}

/** By first character, longest first where one is the start of another. */
const ELEMENTS: Readonly<Record<string, readonly (readonly [string, LayoutKind])[]>> = {
  J: [
    ['January', 'long month'],
    ['Jan', 'month'],
  ],
  M: [
    ['Monday', 'long weekday'],
    ['Mon', 'weekday'],
    ['MST', 'zone name'],
  ],
  '0': [
    ['01', 'number month'],
    ['02', 'day'],
    ['03', 'hour 12'],
    ['04', 'minute'],
    ['05', 'second'],
    ['06', 'year'],
    ['002', 'year day'],
  ],
  '1': [
    ['15', 'hour'],
    ['1', 'number month'],
  ],
  '2': [
    ['2006', 'long year'],
    ['2', 'day'],
  ],
  _: [
    ['_2', 'day'],
    ['__2', 'year day'],
  ],
  '3': [['3', 'hour 12']],
  '4': [['4', 'minute']],
  '5': [['5', 'second']],
  P: [['PM', 'PM']],
  p: [['pm', 'pm']],
  '-': ['-070000', '-07:00:00', '-0700', '-07:00', '-07'].map((text) => [text, 'zone offset']),
  Z: ['Z070000', 'Z07:00:00', 'Z0700', 'Z07:00', 'Z07'].map((text) => [text, 'zone offset']),
}

/** The next element of `layout` from `from`. Source: Go 1.26 time/format.go, nextStdChunk. */
export function nextElement(layout: string, from: number): LayoutElement {
  for (let i = from; i < layout.length; i++) {
    const found = elementAt(layout, i)
    if (found)
      return { prefix: layout.slice(from, i + found.skip), kind: found.kind, element: found.element, end: i + found.skip + found.element.length }
  }
  return { prefix: layout.slice(from), kind: 'text', element: '', end: layout.length }
}

function elementAt(layout: string, i: number): { kind: LayoutKind; element: string; skip: number } | undefined {
  const c = layout[i] as string
  if (c === '.' || c === ',') return fractionAt(layout, i)
  if (layout.startsWith('_2006', i)) return { kind: 'long year', element: '2006', skip: 1 }
  if (!Object.hasOwn(ELEMENTS, c)) return undefined
  for (const [element, kind] of ELEMENTS[c] as readonly (readonly [string, LayoutKind])[]) {
    if (layout.startsWith(element, i) && !isWordGoingOn(layout, i, element)) return { kind, element, skip: 0 }
  }
  return undefined
}

/** `Jan` and `Mon` count only where no lower-case letter follows: `Monastery` is text. */
function isWordGoingOn(layout: string, i: number, element: string): boolean {
  return (element === 'Jan' || element === 'Mon') && /^[a-z]/.test(layout.slice(i + 3, i + 4))
}

function fractionAt(layout: string, i: number): { kind: LayoutKind; element: string; skip: number } | undefined {
  const digit = layout[i + 1]
  if (digit !== '0' && digit !== '9') return undefined
  let end = i + 1
  while (layout[end] === digit) end++
  return /^[0-9]/.test(layout.slice(end, end + 1)) ? undefined : { kind: 'fraction', element: layout.slice(i, end), skip: 0 }
}
