import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { commands } from '../../../src/cli/commands.ts'
import { globalOptions } from '../../../src/cli/global-options.ts'
import { helmfileOption, helmfileOptions, refusedCommands } from '../../../src/cli/helmfile-options.ts'
import { parseOptions } from '../../../src/cli/parse-argv.ts'
import { repositoryRoot } from '../../support/paths.ts'

/** What `helmfile --help` and the help of each command list. */
interface Recorded {
  readonly global: readonly string[]
  readonly commands: Readonly<Record<string, readonly string[]>>
}

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8')
const recorded = JSON.parse(read('test/golden/state/helmfile-options.json')) as Recorded
const differences = read('docs/differences.md')
const globals: readonly string[] = Object.values(globalOptions).map(({ long }) => long)

describe("every option of Helmfile's is there, settled or refused", () => {
  test('of all commands', () => {
    assert.deepEqual(
      recorded.global.filter((long) => !globals.includes(long) && !helmfileOption(long, undefined)),
      [],
    )
  })

  for (const [name, longs] of Object.entries(recorded.commands)) {
    if (refusedCommands.has(name)) continue
    const entry = commands.find((command) => command.name === name)
    test(`of ${name}`, { skip: entry ? false : 'there is no such command' }, async () => {
      if (!entry) return
      const own = Object.values((await entry.load()).options).map(({ long }) => long)
      assert.deepEqual(
        longs.filter((long) => !own.includes(long) && !globals.includes(long) && !helmfileOption(long, name)),
        [],
      )
    })
  }
})

test('no option that is there is called settled or refused', async () => {
  const wrong: string[] = []
  for (const { name, load } of commands) {
    const own = Object.values((await load()).options).map(({ long }) => long)
    for (const { long, commands: among = [] } of [...helmfileOptions.settled, ...helmfileOptions.refused]) {
      if (own.includes(long) && among.includes(name)) wrong.push(`${name} --${long}`)
      if (globals.includes(long)) wrong.push(`--${long}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('docs/differences.md says why each is settled or refused', () => {
  for (const { long, because } of [...helmfileOptions.settled, ...helmfileOptions.refused]) {
    assert.ok(differences.includes(`\`--${long}\``), `--${long} is missing`)
    assert.ok(differences.toLowerCase().includes(because.toLowerCase()), `"${because}" is missing`)
  }
})

const parsed: readonly (readonly [name: string, words: readonly string[], command: string, expected: readonly string[] | RegExp])[] = [
  ['settled', ['--enable-live-output', 'x'], 'apply', ['x']],
  ['settled with a value', ['--concurrency', '3', 'x'], 'status', ['x']],
  ['settled with a value attached', ['--concurrency=3', 'x'], 'status', ['x']],
  [
    'settled, switched off',
    ['--strip-args-values-on-exit-error=false'],
    'list',
    /--strip-args-values-on-exit-error=false is not supported: errors never hold values/,
  ],
  ['refused', ['--otel-tracing'], 'apply', /--otel-tracing is not supported: no traces are sent/],
  ['refused for one command', ['--validate'], 'template', /--validate is not supported: template asks no cluster/],
  ['settled for another', ['--validate'], 'diff', []],
  ['of another command', ['--skip-repos'], 'list', /unknown flag: --skip-repos/],
]

for (const [name, words, command, expected] of parsed) {
  test(`an option that is ${name}`, () => {
    const parse = () => parseOptions(words, {}, {}, command)
    if (expected instanceof RegExp) assert.throws(parse, expected)
    else assert.deepEqual(parse().args, expected)
  })
}
