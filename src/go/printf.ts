import { clearFlags, type FormatState, newFormatState } from './format-state.ts'
import { typeOf } from './kind.ts'
import { printArgument, printPlain } from './print-value.ts'
import { runeAt, runeText } from './runes.ts'
import { GoInt, type GoValue } from './values.ts'

/**
 * Go's `fmt.Sprintf`: `format` with its verbs filled from `args`, mistakes written into the result as Go writes them.
 * Source: Go 1.26 fmt/print.go.
 */
export function sprintf(format: string, args: readonly GoValue[]): string {
  const run: Run = { f: newFormatState(), format, args, at: 0, argument: 0, reordered: false, goodArgument: true, afterIndex: false }
  while (run.at < format.length) {
    const percent = format.indexOf('%', run.at)
    run.f.out += format.slice(run.at, percent < 0 ? undefined : percent)
    if (percent < 0) break
    run.at = percent + 1
    if (!formatOne(run)) break
  }
  if (!run.reordered && run.argument < args.length) writeExtra(run)
  return run.f.out
}

/** Go's `fmt.Sprint`: blanks only between two neighbours neither of which is a string. */
export function sprint(args: readonly GoValue[]): string {
  if (args.length === 1 && typeof args[0] === 'string') return args[0]
  const f = newFormatState()
  args.forEach((value, i) => {
    if (i > 0 && typeof value !== 'string' && typeof args[i - 1] !== 'string') f.out += ' '
    printPlain(f, value)
  })
  return f.out
}

/** Go's `fmt.Sprintln`: blanks between all arguments and a line break at the end. */
export function sprintln(args: readonly GoValue[]): string {
  const f = newFormatState()
  args.forEach((value, i) => {
    if (i > 0) f.out += ' '
    printPlain(f, value)
  })
  return `${f.out}\n`
}

interface Run {
  readonly f: FormatState
  readonly format: string
  readonly args: readonly GoValue[]
  at: number
  /** Index of the next argument. */
  argument: number
  reordered: boolean
  goodArgument: boolean
  afterIndex: boolean
}

/** Handles one `%…`; false at the end of the format. */
function formatOne(run: Run): boolean {
  const { f, format } = run
  run.goodArgument = true
  run.afterIndex = false
  clearFlags(f)
  readFlags(run)
  readArgumentNumber(run)
  readWidth(run)
  if (run.at + 1 < format.length && format[run.at] === '.') readPrecision(run)
  if (!run.afterIndex) readArgumentNumber(run)
  if (run.at >= format.length) {
    f.out += '%!(NOVERB)'
    return false
  }
  const rune = runeAt(format, run.at)
  run.at += rune > 0xffff ? 2 : 1
  writeVerb(run, runeText(rune))
  return true
}

function readFlags(run: Run): void {
  for (; run.at < run.format.length; run.at++) {
    switch (run.format[run.at]) {
      case '#':
        run.f.sharp = true
        break
      case '0':
        run.f.zero = true
        break
      case '+':
        run.f.plus = true
        break
      case '-':
        run.f.minus = true
        break
      case ' ':
        run.f.space = true
        break
      default:
        return
    }
  }
}

function writeVerb(run: Run, verb: string): void {
  const { f, args } = run
  if (verb === '%') f.out += '%'
  else if (!run.goodArgument) f.out += `%!${verb}(BADINDEX)`
  else if (run.argument >= args.length) f.out += `%!${verb}(MISSING)`
  else {
    if (verb === 'v' || verb === 'w') {
      f.sharpV = f.sharp
      f.sharp = false
      f.plusV = f.plus
      f.plus = false
    }
    printArgument(f, args[run.argument] as GoValue, verb)
    run.argument++
  }
}

function writeExtra({ f, args, argument }: Run): void {
  clearFlags(f)
  const extra = args.slice(argument).map((value) => {
    if (value === null) return '<nil>'
    const one = newFormatState()
    printPlain(one, value)
    return `${typeOf(value)}=${one.out}`
  })
  f.out += `%!(EXTRA ${extra.join(', ')})`
}

/** The largest width, precision or argument number Go takes. */
const MAX_NUMBER = 1_000_000

/** Decimal digits at the current place; undefined when there are none or the number is too large. */
function readNumber(run: Run, end: number): number | undefined {
  const start = run.at
  let value = 0
  while (run.at < end && /[0-9]/.test(run.format[run.at] as string)) {
    if (value > MAX_NUMBER) {
      run.at = end
      return undefined
    }
    value = value * 10 + Number(run.format[run.at])
    run.at++
  }
  return run.at > start ? value : undefined
}

function readArgumentNumber(run: Run): void {
  run.afterIndex = false
  if (run.format[run.at] !== '[') return
  run.reordered = true
  const close = run.format.indexOf(']', run.at)
  if (close < 0 || run.format.length - run.at < 3) {
    run.goodArgument = false
    run.at++
    return
  }
  run.at++
  const number = readNumber(run, close)
  const complete = run.at === close && number !== undefined
  run.at = close + 1
  if (!complete) run.goodArgument = false
  else takeArgumentNumber(run, number - 1)
}

function takeArgumentNumber(run: Run, index: number): void {
  run.afterIndex = true
  if (index >= 0 && index < run.args.length) run.argument = index
  else run.goodArgument = false
}

function readWidth(run: Run): void {
  const { f, format } = run
  if (format[run.at] === '*') {
    run.at++
    const width = integerArgument(run)
    if (width === undefined) f.out += '%!(BADWIDTH)'
    f.width = width === undefined ? undefined : Math.abs(width)
    if (width !== undefined && width < 0) {
      f.minus = true
      f.zero = false
    }
    run.afterIndex = false
    return
  }
  f.width = readNumber(run, format.length)
  if (run.afterIndex && f.width !== undefined) run.goodArgument = false
}

function readPrecision(run: Run): void {
  const { f, format } = run
  run.at++
  if (run.afterIndex) run.goodArgument = false
  readArgumentNumber(run)
  if (format[run.at] === '*') {
    run.at++
    const precision = integerArgument(run)
    f.precision = precision === undefined || precision < 0 ? undefined : precision
    if (f.precision === undefined) f.out += '%!(BADPREC)'
    run.afterIndex = false
    return
  }
  f.precision = readNumber(run, format.length) ?? 0
}

/** The next argument as a width or precision; undefined when it is no integer of that size. */
function integerArgument(run: Run): number | undefined {
  const value = run.args[run.argument]
  if (run.argument < run.args.length) run.argument++
  if (!(value instanceof GoInt)) return undefined
  const limit = BigInt(MAX_NUMBER)
  return value.value > limit || value.value < -limit ? undefined : Number(value.value)
}
