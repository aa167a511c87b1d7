/** Colours of a terminal by meaning; with `color` false every function gives its text back. */
export interface Paint {
  readonly added: (text: string) => string
  readonly removed: (text: string) => string
  readonly changed: (text: string) => string
  readonly faint: (text: string) => string
  readonly strong: (text: string) => string
}

const wrap = (code: number) => (text: string) => (text === '' ? '' : `\u001b[${code}m${text}\u001b[0m`)
const plain = (text: string): string => text

export function paintFor(color: boolean): Paint {
  if (!color) return { added: plain, removed: plain, changed: plain, faint: plain, strong: plain }
  return { added: wrap(32), removed: wrap(31), changed: wrap(33), faint: wrap(2), strong: wrap(1) }
}
