import { lineStart } from '../base/source.ts'

/** What is known of a syntax error. */
export interface Fault {
  /** The library's words. */
  readonly problem: string
  /** Where it was noticed. */
  readonly at: number
  /** Where the construct began. */
  readonly context: number
  /** Where a text in quotes began that most likely lacks its end, as `openQuote` finds it. */
  readonly quote: number | undefined
}

interface Line {
  readonly text: string
  readonly indent: number
}

function lineAt(text: string, at: number): { readonly start: number; readonly end: number } {
  const start = lineStart(text, at)
  const end = text.indexOf('\n', start)
  return { start, end: end < 0 ? text.length : end }
}

function lineOf(text: string): Line {
  return { text: text.replace(/\r$/, ''), indent: text.search(/[^ ]|$/) }
}

const isContent = (line: string): boolean => /^\s*[^\s#]/.test(line)

/** The lines with content above the one that starts at `start`, the nearest first. */
function linesAbove(text: string, start: number): readonly Line[] {
  const above = text.slice(Math.max(0, start - REACH), start).split('\n')
  return above.filter(isContent).map(lineOf).reverse()
}

/** So much text above a fault is looked at. */
const REACH = 20_000

/** `key value`, or a word alone, where `key: value` was meant. */
const WITHOUT_COLON = /^\s*(?:- +)?[\w.-]+(?: +[^\s:#{["'|>-][^:]*)?$/
const WITHOUT_BLANK = /^\s*(?:- +)?[\w.-]+:[^\s:/]\S*$/
/** What to do about braces of templates in a YAML text. */
export const QUOTED_BRACES = '{{ … }} must stand in quotes to be a text here'
const CONFLICT = /^(?:<{7} |>{7} |={7}$)/m

/** Advice on characters that no plain text begins with. */
const INDICATORS: Readonly<Record<string, string>> = {
  '\t': 'indent with blanks: YAML takes no tabs there',
  '@': 'a text that begins with @ must stand in quotes',
  '`': 'a text that begins with ` must stand in quotes',
  '%': 'a text that begins with % must stand in quotes',
  '*': 'a text that begins with * must stand in quotes',
  '&': 'a text that begins with & must stand in quotes',
}

/** Advice on a line that looks as if something were missing in it; its text may be secret. */
function incompleteLine({ text }: Line, which: 'this line' | 'the line above'): string | undefined {
  if (WITHOUT_BLANK.test(text)) return `a blank is missing behind the ":" of ${which}`
  return WITHOUT_COLON.test(text) && !/^\s*- /.test(text) ? `a ":" is missing in ${which}` : undefined
}

function incompleteAbove([last]: readonly Line[]): string | undefined {
  return last && incompleteLine(last, 'the line above')
}

function indentHint(line: Line, above: readonly Line[]): string | undefined {
  const [last] = above
  if (!last) return undefined
  if (line.indent > last.indent && /: +[^\s|>&#]/.test(last.text)) return 'the line stands deeper than the one above, which has a value already'
  const levels = [...new Set(above.map(({ indent }) => indent))]
  if (line.indent < last.indent && !levels.includes(line.indent)) {
    return `the line is indented by ${line.indent}, which is none of the levels above (${levels.sort((a, b) => a - b).join(', ')})`
  }
  if (/^\s*- /.test(line.text) && !/^\s*- /.test(last.text)) return 'an entry of a list where a key is to stand: mind its indentation'
  return undefined
}

/** Where a text in quotes begins on an earlier line that ends right before `at`, so that a quote is missing in between. */
export function openQuote(text: string, at: number): number | undefined {
  const { start } = lineAt(text, at)
  const end = text.slice(start, at).trimEnd().length + start
  const mark = text[end - 1]
  if (mark !== '"' && mark !== "'") return undefined
  const above = text.slice(Math.max(0, start - REACH), end - 1)
  const found = above.search(new RegExp(`(?<=(?:^|[\\n:,[{-]) *)${mark}[^${mark}]*$`))
  const opening = found < 0 ? -1 : end - 1 - above.length + found
  return opening >= 0 && opening < start ? opening : undefined
}

function mappingHint(line: Line, column: number, above: readonly Line[]): string | undefined {
  if (/: /.test(line.text.slice(0, column))) return 'a text with ": " in it must stand in quotes'
  return incompleteAbove(above) ?? indentHint(line, above)
}

/** Advice on a syntax error of a YAML text: what is likely to be meant. Undefined where there is none. */
export function yamlHint(text: string, { problem, at, context, quote }: Fault): string | undefined {
  const { start, end } = lineAt(text, at)
  const line = lineOf(text.slice(start, end))
  if (/(?<!\{)\{[^{}]*\}\}/.test(line.text)) return 'an action begins with {{: a brace is missing'
  if (CONFLICT.test(text)) return 'the text holds the marks of a merge conflict: <<<<<<< ======= >>>>>>>'
  if (/^ *\t/.test(line.text)) return INDICATORS['\t']
  const above = linesAbove(text, start)
  if (quote !== undefined) return 'close the text in quotes on the line where it begins'
  if (problem.startsWith('mapping values are not allowed')) return mappingHint(line, at - start, above)
  if (problem.startsWith('did not find expected key')) return incompleteAbove(above) ?? indentHint(line, above)
  if (problem.startsWith("could not find expected ':'")) {
    const key = lineAt(text, context)
    return incompleteLine(lineOf(text.slice(key.start, key.end)), 'this line')
  }
  if (problem.startsWith('found character that cannot start')) return INDICATORS[text[at] ?? '']
  if (problem.startsWith('did not find expected alphabetic')) return INDICATORS[text[context] ?? '']
  if (problem.startsWith('block sequence entries are not allowed')) return 'the first "- " belongs on a line of its own'
  if (problem.startsWith("did not find expected '-'")) return 'begin the line with "- " as those above, or indent it as their key'
  return flowHint(text, context)
}

/** Advice on what began with a bracket or a quote and does not end. */
function flowHint(text: string, context: number): string | undefined {
  if (text.startsWith('{{', context) || text.startsWith('{{', context - 1)) return QUOTED_BRACES
  switch (text[context]) {
    case '{':
      return 'close the map with }, or put the text in quotes'
    case '[':
      return 'close the list with ], or put the text in quotes'
    case '"':
    case "'":
      return `close the text with ${text[context]}`
    default:
      return undefined
  }
}

/** What begins at `context`, for people. */
export function contextName(text: string, { problem, context }: Fault): string {
  const mark = text[context]
  if (mark === '"' || mark === "'") return 'the text in quotes begins here'
  if (mark === '[' || mark === '{') return mark === '[' ? 'the list begins here' : 'the map begins here'
  return problem.startsWith("could not find expected ':'") ? 'the key begins here' : 'the block it is in begins here'
}
