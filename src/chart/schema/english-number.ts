const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  '-': '⁻',
  0: '⁰',
  1: '¹',
  2: '²',
  3: '³',
  4: '⁴',
  5: '⁵',
  6: '⁶',
  7: '⁷',
  8: '⁸',
  9: '⁹',
}

/** A whole number with a comma before every three digits. */
export function groupedInteger(value: number | bigint): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** An exponent of two digits at least. */
function superscript(exponent: number): string {
  const text = `${exponent < 0 ? '-' : ''}${String(Math.abs(exponent)).padStart(2, '0')}`
  return [...text].map((c) => SUPERSCRIPTS[c]).join('')
}

/**
 * A float as an English reader gets it from Go's message printer: `70,000`, `0.5`, from a million and below 0.0001 `1.5×10⁰⁶`.
 *
 * Source: golang.org/x/text 0.41 message/print.go (fmtVariableFloat)
 */
export function englishNumber(value: number): string {
  if (value === 0) return '0'
  const [mantissa, exponentText] = value.toExponential().split('e') as [string, string]
  const exponent = Number(exponentText)
  if (exponent < -4 || exponent >= 6) return `${mantissa}×10${superscript(exponent)}`
  const [whole, fraction] = String(value).split('.') as [string, string | undefined]
  return `${groupedInteger(Number(whole))}${fraction === undefined ? '' : `.${fraction}`}`
}
