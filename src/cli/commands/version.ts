import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

/** The package's own version: that of the nearest package.json above this file, wherever it was built to. */
export function readVersion(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version
}

export const version: Command = defineCommand({
  options: {
    output: {
      short: 'o',
      long: 'output',
      type: 'text',
      value: 'FORMAT',
      choices: ['text', 'short', 'json', 'yaml'],
      description: 'text, short (the same), json or yaml (default: text)',
    },
  },
  examples: ['flotilla version', 'flotilla version --output json'],
  async run({ terminal }, { output }) {
    const found = readVersion()
    if (output === 'json') terminal.json({ version: found })
    else terminal.out(output === 'yaml' ? `version: ${found}\n` : `${found}\n`)
    return exitCodes.ok
  },
})
