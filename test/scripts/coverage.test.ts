import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { commands } from '../../src/cli/commands.ts'
import { globalOptions } from '../../src/cli/global-options.ts'
import type { OptionSpec } from '../../src/cli/option-table.ts'
import { chooseCommand } from '../../src/cli/parse-argv.ts'
import { repositoryRoot } from '../support/paths.ts'
import { parseTranscript } from '../support/transcript.ts'

/** Commands that end only when they are stopped, or fetch charts from servers: other tests run them. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'sandbox',
  'deps',
  'fetch',
  'repos',
  'cache info',
  'cache clean',
  'chart push',
  'chart pull',
  'chart login',
  'chart logout',
])

/** `COMMAND --option` of every command line in the transcripts that is not about a wrong one. */
function usedOptions(): Set<string> {
  const folder = join(repositoryRoot, 'test/scripts/cases')
  const used = new Set<string>()
  for (const name of readdirSync(folder).filter((file) => file !== 'usage.txt')) {
    for (const { args, exit } of parseTranscript(readFileSync(join(folder, name), 'utf8')).steps) {
      const command = exit === 3 && !args.includes('-i') ? undefined : chooseCommand(args)?.entry.name
      for (const word of args) used.add(`${command} ${word.replace(/=.*/s, '')}`)
    }
  }
  return used
}

test('every option of every command stands in a transcript', async () => {
  const used = usedOptions()
  const isUsed = (command: string, { long, short }: OptionSpec): boolean =>
    used.has(`${command} --${long}`) || (short !== undefined && used.has(`${command} -${short}`))
  // Commands share options: one that is shown for diff need not be shown again for apply.
  const takers = new Map<OptionSpec, string[]>(Object.values<OptionSpec>(globalOptions).map((option) => [option, commands.map(({ name }) => name)]))
  for (const { name, load } of commands.filter((entry) => !ELSEWHERE.has(entry.name))) {
    for (const option of Object.values((await load()).options)) takers.set(option, [...(takers.get(option) ?? []), name])
  }
  const missing = [...takers].filter(([option, names]) => !names.some((name) => isUsed(name, option)))
  assert.deepEqual(
    missing.map(([option, names]) => `${names.join(', ')} --${option.long}`),
    [],
  )
})
