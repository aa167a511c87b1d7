import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { argv } from 'node:process'
import { pathToFileURL } from 'node:url'
import { goldenFolder } from '../support/golden.ts'

/** One line of `names.txt`: a function of Helm's templates. */
export interface RecordedFunction {
  readonly name: string
  /** The Go types of its parameters, as in a Go signature without names. */
  readonly params: string
  readonly results: string
  readonly source: string
}

/** The functions recorded in a golden folder. */
export function readNames(folder: string): RecordedFunction[] {
  return readFileSync(join(folder, 'names.txt'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [name = '', type = '', source = ''] = line.split('\t')
      const [, params = '', results = ''] = /^\((.*?)\) ?(.*)$/.exec(type) ?? []
      return { name, params, results, source }
    })
}

/** Functions of Go's text/template that no other function replaces. */
const BUILTINS = 'and call eq ge gt html index js le len lt ne not or print printf println urlquery'.split(' ')

/** For each function the recordings whose templates call it first. */
function testsOf(folder: string): Map<string, string> {
  const tests = new Map<string, string>()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl'))) {
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
      const name = /^\{"template":"\{\{ (?:\$x := \()?\(?(\w+)/.exec(line)?.[1]
      if (name !== undefined && !tests.has(name)) tests.set(name, `test/golden/functions/${file}`)
    }
  }
  return tests
}

/** The page that lists every function a template can call, from the recordings alone. */
export function functionTable(folder: string): string {
  const tests = testsOf(folder)
  const rows = [
    ...readNames(folder).map((f) => ({ ...f, test: tests.get(f.name) ?? 'test/corpus/functions.test.ts' })),
    ...BUILTINS.map((name) => ({ name, params: '', results: '', source: 'text/template', test: 'test/corpus/functions.test.ts' })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1))
  const code = (text: string): string => (text === '' ? '' : `\`${text}\``)
  return [
    '# Template functions',
    '',
    'Generated from test/golden/functions by test/generate/function-table.ts; do not edit.',
    '',
    `${rows.length} functions. Types are Go's; \`...\` takes any number of arguments.`,
    '',
    '| function | parameters | result | source | tests |',
    '|---|---|---|---|---|',
    ...rows.map(({ name, params, results, source, test }) => `| \`${name}\` | ${code(params)} | ${code(results)} | ${source} | ${test} |`),
    '',
  ].join('\n')
}

/** Where the page lies, seen from the recordings. */
export function functionTablePath(folder: string): string {
  return join(folder, '../../../docs/functions.md')
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  const folder = goldenFolder('functions')
  writeFileSync(functionTablePath(folder), functionTable(folder))
}
