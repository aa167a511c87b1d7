/** What stands at a place of a template, for advice on what is wrong there. */
interface Spot {
  readonly text: string
  readonly at: number
  /** What the rule's pattern found in the error's summary. */
  readonly found: RegExpExecArray
}

type Rule = readonly [summary: RegExp, hint: (spot: Spot) => string | undefined]

/** Operators of other languages, longer ones first. */
const OPERATORS: readonly (readonly [operator: string, hint: string])[] = [
  ['==', 'compare with a function: eq A B'],
  ['!=', 'compare with a function: ne A B'],
  ['<=', 'compare with a function: le A B'],
  ['>=', 'compare with a function: ge A B'],
  ['&&', 'join conditions with a function: and A B'],
  ['/*', 'a comment begins right behind the braces: {{/* … */}} or {{- /* … */ -}}'],
  ['=', 'compare with a function: eq A B; set a variable with $name := VALUE'],
  ['<', 'compare with a function: lt A B'],
  ['>', 'compare with a function: gt A B'],
  ['!', 'negate with a function: not A'],
  ['|', 'join conditions with a function: or A B'],
  ['+', 'use a function: add A B for numbers, print A B for texts'],
  ['-', 'use a function: sub A B'],
  ['*', 'use a function: mul A B'],
  ['/', 'use a function: div A B'],
  ['%', 'use a function: mod A B'],
  ['?', 'use a function: ternary YES NO CONDITION'],
  [',', 'arguments stand behind one another, without commas'],
  ['#', 'a comment is {{/* … */}}'],
  ['}', 'an action ends with }}'],
]

function operatorHint({ text, at }: Spot): string | undefined {
  return OPERATORS.find(([operator]) => text.startsWith(operator, at))?.[1]
}

/** What other languages call what templates write another way. */
const FOREIGN_WORDS: Readonly<Record<string, string>> = {
  elseif: 'write else if',
  elsif: 'write else if',
  elif: 'write else if',
  endif: 'write {{ end }}',
  endfor: 'write {{ end }}',
  endrange: 'write {{ end }}',
  endwith: 'write {{ end }}',
  for: 'write {{ range $item := LIST }}',
  foreach: 'write {{ range $item := LIST }}',
  while: 'there are no other loops than range; until COUNT gives numbers to range over',
  let: 'write $name := VALUE',
  var: 'write $name := VALUE',
  null: 'write nil',
  None: 'write nil',
  Values: 'write .Values',
  Release: 'write .Release',
  Chart: 'write .Chart',
  Files: 'write .Files',
  Capabilities: 'write .Capabilities',
  Template: 'write .Template',
}

/** A name with a sign in it that names in paths cannot have: `.Values.my-key`. */
function indexHint({ text, at }: Spot): string | undefined {
  const path = /^[$.\w]+/.exec(text.slice(at, at + 200))?.[0] ?? ''
  const before = /[$.\w]*$/.exec(text.slice(Math.max(0, at - 200), at))?.[0] ?? ''
  const whole = before + path
  const rest = /^[-\w]+/.exec(text.slice(at + path.length, at + 400))?.[0]
  const dot = whole.lastIndexOf('.')
  if (rest === undefined || dot < 0) return undefined
  return `names with such signs need index: index ${whole.slice(0, dot) || '.'} "${whole.slice(dot + 1)}${rest}"`
}

const QUOTES = 'texts stand in "double quotes" or `backquotes`'

/** A sign right behind the braces, where it was to trim. */
function trimHint({ text, at }: Spot): string | undefined {
  return text.startsWith('{{-', at - 2) ? 'a trim marker needs a blank behind it: {{- …' : undefined
}

/** The name of a template that stands without quotes. */
function nameHint({ text, at }: Spot): string | undefined {
  return /\b(?:include|template|block|define)\s+[\w.]*$/.test(text.slice(Math.max(0, at - 100), at))
    ? 'names of templates stand in "double quotes"'
    : undefined
}

const RULES: readonly Rule[] = [
  [/^(?:bad character|function "\w+" not defined|unexpected .* in (?:template|block|define) clause)/, nameHint],
  [/^(?:bad|illegal) number syntax: "-/, trimHint],
  [/^unexpected right paren/, () => 'remove this ), or open it with (: mind where it belongs'],
  [/^unclosed left paren/, () => 'a ) is missing before the action ends'],
  [/^bad character U\+0022/, () => 'a " is missing before this one'],
  [/^unterminated quoted string/, () => 'the text has no end on its line: close it with "'],
  [/^unrecognized character in action: U\+(?:201[89CD]|00AB|00BB) /, () => QUOTES],
  [/^unrecognized character in action: U\+(?:00A0|200B|FEFF)/, () => 'this blank is no plain one: type it again'],
  [/^comment ends before closing delimiter/, () => 'nothing stands between */ and the braces: */}} or */ -}}'],
  [/^(?:missing value for|empty command)/, () => 'something is missing here: an operand, or a function behind |'],
  [/^bad character U\+002D/, indexHint],
  [
    /^bad character U\+005B/,
    ({ text, at }) => (/^[.$\w]*\[\s*["'`]/.test(text.slice(at, at + 200)) ? 'take entries of a map with index MAP "KEY"' : undefined),
  ],
  [/^bad character U\+005B/, () => 'take entries of a list with index LIST NUMBER'],
  [/^unexpected "\.\d/, () => 'take entries of a list with index LIST NUMBER'],
  [/^(?:unexpected ".*" in|illegal number syntax: "[+-]")/, operatorHint],
  [/^malformed character constant/, () => QUOTES],
  [/^invalid syntax$/, ({ text, at }) => (text[at] === "'" ? QUOTES : undefined)],
  [
    /^function "(\w+)" not defined$/,
    ({ found }) => (Object.hasOwn(FOREIGN_WORDS, found[1] as string) ? FOREIGN_WORDS[found[1] as string] : undefined),
  ],
  [
    /^function "(\w+)" not defined$/,
    ({ text, at, found }) => (/^\w+\s*:?=/.test(text.slice(at, at + 200)) ? `names of variables begin with $: $${found[1]} := VALUE` : undefined),
  ],
  [
    /^undefined variable "(\$\w+)"$/,
    ({ text, at, found }) => (/^\$\w+\s+in\s/.test(text.slice(at, at + 200)) ? `write {{ range ${found[1]} := LIST }}` : undefined),
  ],
  [/^unexpected \{\{(?:end|else)\}\}$/, () => 'nothing is open here: look above for an {{ end }} too many'],
  [/^unexpected <define> in/, () => 'a define stands outside of all other actions'],
  [/^unclosed action/, () => 'close the action with }}'],
  [/^unclosed comment/, () => 'close the comment with */}}'],
]

/** Advice on the syntax error `summary` at offset `at` of a template: what to write instead of what another language would have. */
export function syntaxHint(text: string, at: number, summary: string): string | undefined {
  for (const [pattern, hint] of RULES) {
    const found = pattern.exec(summary)
    const advice = found ? hint({ text, at, found }) : undefined
    if (advice !== undefined) return advice
  }
  return undefined
}
