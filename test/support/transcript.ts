/**
 * Command transcripts: one text per case, with the files it starts from, the commands, and what they print.
 *
 * A text before the first section says what the case shows. `-- NAME --` begins a file; `-- $ flotilla ARGS --` begins a
 * command, its body being the expected standard output; `-- stderr --` and `-- exit --` after it are its other results
 * (absent: nothing on stderr is looked at, exit 0). In expected texts `[..]` stands for anything inside a line, a line
 * `...` for any lines. A command may be preceded by variables: `$ NO_COLOR=1 flotilla list`.
 */
export interface Transcript {
  readonly comment: string
  readonly files: ReadonlyMap<string, string>
  readonly steps: readonly Step[]
}

export interface Step {
  readonly env: Readonly<Record<string, string>>
  readonly args: readonly string[]
  readonly commandLine: string
  readonly stdout: string
  readonly stderr: string | undefined
  readonly exit: number
}

interface Section {
  readonly name: string
  readonly body: string
}

function sectionsOf(text: string): { readonly comment: string; readonly sections: readonly Section[] } {
  const sections: Section[] = []
  const heads = [...text.matchAll(/^-- (.+) --\n/gm)]
  heads.forEach((head, i) => {
    const start = head.index + head[0].length
    sections.push({ name: head[1] as string, body: text.slice(start, heads[i + 1]?.index ?? text.length) })
  })
  return { comment: text.slice(0, heads[0]?.index ?? text.length), sections }
}

/** Words of a command line: blanks separate, single and double quotes hold together. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"]+)+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double),
  )
}

export function parseTranscript(text: string): Transcript {
  const { comment, sections } = sectionsOf(text)
  const files = new Map<string, string>()
  const steps: Step[] = []
  for (const { name, body } of sections) {
    const last = steps.at(-1)
    if (name.startsWith('$ ')) steps.push(stepOf(name.slice(2), body))
    else if (last && name === 'stderr') steps[steps.length - 1] = { ...last, stderr: body }
    else if (last && name === 'exit') steps[steps.length - 1] = { ...last, exit: Number(body.trim()) }
    else files.set(name, body)
  }
  if (steps.length === 0) throw new Error('a transcript needs at least one "-- $ flotilla … --" section')
  return { comment, files, steps }
}

function stepOf(commandLine: string, stdout: string): Step {
  const words = wordsOf(commandLine)
  const program = words.indexOf('flotilla')
  if (program < 0) throw new Error(`not a flotilla command: ${commandLine}`)
  const env = Object.fromEntries(words.slice(0, program).map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]))
  return { env, args: words.slice(program + 1), commandLine, stdout, stderr: undefined, exit: 0 }
}

/** Whether `actual` is what `expected` describes, with its `[..]` and `...` wildcards. */
export function matches(expected: string, actual: string): boolean {
  const escaped = expected.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  const pattern = escaped.replace(/\\\[\\\.\\\.\\\]/g, '[^\\n]*').replace(/^\\\.\\\.\\\.\n/gm, '(?:[^\\n]*\\n)*')
  return new RegExp(`^${pattern}$`).test(actual)
}

/** The text of a transcript whose steps have the results given; what matched already stays as it was written. */
export function formatTranscript(transcript: Transcript): string {
  const files = [...transcript.files].map(([name, body]) => `-- ${name} --\n${body}`)
  const steps = transcript.steps.map(
    (step) =>
      `-- $ ${step.commandLine} --\n${step.stdout}${step.stderr === undefined ? '' : `-- stderr --\n${step.stderr}`}${step.exit === 0 ? '' : `-- exit --\n${step.exit}\n`}`,
  )
  return `${transcript.comment}${files.join('')}${steps.join('')}`
}
