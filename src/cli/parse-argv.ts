import { failure } from '../base/diagnostic.ts'
import { nearest } from '../base/nearest.ts'
import type { CommandEntry, GlobalValues } from './command.ts'
import { commands } from './commands.ts'
import { globalOptions } from './global-options.ts'
import { takeHelmfileOption } from './helmfile-options.ts'
import type { OptionSpec, OptionTable } from './option-table.ts'
import { unknownCommand } from './unknown-command.ts'

/** Words of the command line, told apart by the options known so far. */
export interface Chosen {
  readonly entry: CommandEntry
  /** `argv` without the command's own words. */
  readonly rest: readonly string[]
}

/**
 * Finds the command among `argv` (without node and script). Global options may stand before it, so their values must be
 * told from the command's name. Undefined when only options are there.
 *
 * @throws DiagnosticError `cli/unknown-command`
 */
export function chooseCommand(argv: readonly string[]): Chosen | undefined {
  const words: { readonly text: string; readonly index: number }[] = []
  let stray: string | undefined
  for (let i = 0; i < argv.length && words.length < 2; i++) {
    const text = argv[i] as string
    if (text === '--') break
    if (!text.startsWith('-') || text === '-') words.push({ text, index: i })
    else if (takesNextWord(text)) i++
    // Said before its value is taken for a command.
    else if (words.length === 0 && text.startsWith('--') && !takeHelmfileOption(text.slice(2), undefined, undefined)) stray ??= strayFlag(text)
  }
  const [first, second] = words
  if (!first) return undefined
  const pair = second && commands.find((c) => c.name === `${first.text} ${second.text}`)
  const entry = pair ?? commands.find((c) => c.name === first.text)
  if (!entry) throw unknownCommand(commands, [first.text, second?.text], stray)
  const used = new Set(pair && second ? [first.index, second.index] : [first.index])
  return { entry, rest: argv.filter((_, i) => !used.has(i)) }
}

function globalOption(word: string): OptionSpec | undefined {
  return Object.values(globalOptions as OptionTable).find((o) => word === `--${o.long}` || (o.short !== undefined && word === `-${o.short}`))
}

function takesNextWord(word: string): boolean {
  return (globalOption(word)?.type ?? 'flag') !== 'flag'
}

/** `word` when it may be the option of a command, whose value then looks like the command. */
function strayFlag(word: string): string | undefined {
  return word.includes('=') || globalOption(word) ? undefined : word
}

/** The parsed words after the command's name. */
export interface ParsedOptions {
  readonly global: GlobalValues
  readonly own: Readonly<Record<string, unknown>>
  readonly args: readonly string[]
  readonly help: boolean
}

/**
 * Reads options and arguments by their tables; a command's own option wins over a global one of the same name.
 * Values may follow as the next word or after `=`; single letters may be joined (`-qi`, `-lapp=x`); flags take `=true`/`=false`.
 *
 * @throws DiagnosticError `cli/unknown-flag`, `cli/unsupported-flag`, `cli/missing-value`, `cli/invalid-value`
 */
export function parseOptions(
  words: readonly string[],
  table: OptionTable,
  env: Readonly<Record<string, string | undefined>>,
  command?: string,
): ParsedOptions {
  const own: Record<string, unknown> = {}
  const global: Record<string, unknown> = {}
  const args: string[] = []
  let help = false
  const find = (matches: (option: OptionSpec) => boolean): Known | undefined => {
    for (const [options, target] of [
      [table, own],
      [globalOptions as OptionTable, global],
    ] as const) {
      const hit = Object.entries(options).find(([, option]) => matches(option))
      if (hit) return { key: hit[0], option: hit[1], target }
    }
    return undefined
  }
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    const next = (): string | undefined => words[++i]
    if (word === '--') {
      args.push(...words.slice(i + 1))
      break
    }
    if (word === '-h' || word === '--help') help = true
    else if (word.startsWith('--')) readLong(word, next, find, { options: [...Object.values(table), ...Object.values(globalOptions)], command })
    else if (word.startsWith('-') && word !== '-') readShort(word, next, find, command)
    else args.push(word)
  }
  fromEnvironment(table, own, env)
  fromEnvironment(globalOptions, global, env)
  return { global, own, args, help }
}

interface Known {
  readonly key: string
  readonly option: OptionSpec
  readonly target: Record<string, unknown>
}

type Find = (matches: (option: OptionSpec) => boolean) => Known | undefined

interface Around {
  readonly options: readonly OptionSpec[]
  readonly command: string | undefined
}

function readLong(word: string, next: () => string | undefined, find: Find, around: Around): void {
  const equals = word.indexOf('=')
  const long = equals < 0 ? word.slice(2) : word.slice(2, equals)
  const attached = equals < 0 ? undefined : word.slice(equals + 1)
  const known = find((option) => option.long === long)
  if (known) store(known, `--${long}`, attached, next)
  else if (!takeHelmfileOption(long, attached, around.command, next)) throw unknownFlag(`--${long}`, around)
}

function readShort(word: string, next: () => string | undefined, find: Find, command: string | undefined): void {
  for (let at = 1; at < word.length; at++) {
    const letter = word[at] as string
    const known = find((option) => option.short === letter)
    if (!known) throw failure('cli/unknown-flag', `unknown shorthand flag: '${letter}' in ${word}`, { hint: optionsHint(command) })
    if (known.option.type === 'flag') {
      store(known, `-${letter}`, undefined, next)
      continue
    }
    const attached = word.slice(at + 1).replace(/^=/, '')
    store(known, `-${letter}`, attached === '' ? undefined : attached, next)
    return
  }
}

function unknownFlag(name: string, { options, command }: Around): Error {
  const near = nearest(
    name.slice(2),
    options.map((o) => o.long),
  )
  return failure('cli/unknown-flag', `unknown flag: ${name}`, { hint: near ? `did you mean --${near}?` : optionsHint(command) })
}

function optionsHint(command: string | undefined): string {
  return `"flotilla ${command === undefined ? '' : `${command} `}--help" lists the options`
}

function store({ key, option, target }: Known, written: string, attached: string | undefined, next: () => string | undefined): void {
  if (option.type === 'flag') {
    target[key] = attached === undefined ? true : parseFlag(attached, option)
    return
  }
  const text = attached ?? next()
  if (text === undefined) throw failure('cli/missing-value', `flag needs an argument: ${written}`)
  if (option.type === 'list') target[key] = [...((target[key] as string[] | undefined) ?? []), text]
  else target[key] = option.type === 'integer' ? parseInteger(text, option) : chosen(text, option)
}

function invalid(text: string, option: OptionSpec, hint: string): Error {
  return failure('cli/invalid-value', `invalid argument "${text}" for "--${option.long}" flag`, { hint })
}

function parseFlag(text: string, option: OptionSpec): boolean {
  if (/^(1|t|true)$/i.test(text)) return true
  if (/^(0|f|false)$/i.test(text)) return false
  throw invalid(text, option, 'use true or false')
}

function parseInteger(text: string, option: OptionSpec): number {
  const number = Number(text)
  if (!/^[+-]?\d{1,9}$/.test(text)) throw invalid(text, option, 'use a whole number')
  if (option.min !== undefined && number < option.min) throw invalid(text, option, `use a whole number from ${option.min} on`)
  return number
}

function chosen(text: string, option: OptionSpec): string {
  if (option.choices && !option.choices.includes(text)) throw invalid(text, option, `use one of: ${option.choices.join(', ')}`)
  return text
}

function fromEnvironment(table: OptionTable, target: Record<string, unknown>, env: Readonly<Record<string, string | undefined>>): void {
  for (const [key, option] of Object.entries(table)) {
    const text = option.env === undefined ? undefined : env[option.env]
    if (text === undefined || text === '' || key in target) continue
    target[key] = option.type === 'flag' ? parseFlag(text, option) : option.type === 'list' ? [text] : chosen(text, option)
  }
}
