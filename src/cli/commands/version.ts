import { readFileSync } from 'node:fs'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { outputOption } from '../shared-options.ts'

/** The package's own version, read from its package.json. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

export const version: Command = defineCommand({
  options: outputOption,
  examples: ['flotilla version', 'flotilla version --output json'],
  async run({ terminal }, { output }) {
    const found = readVersion()
    if (output === 'json') terminal.json({ version: found })
    else terminal.out(`${found}\n`)
    return exitCodes.ok
  },
})
