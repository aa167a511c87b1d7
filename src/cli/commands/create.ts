import { createProject } from '../../actions/create-files.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

export const create: Command = defineCommand({
  options: {
    outputDir: {
      short: 'o',
      long: 'output-dir',
      type: 'text',
      value: 'DIR',
      description: 'folder for the project (default: NAME, or the current one)',
    },
    force: { long: 'force', type: 'flag', description: 'replace files that are there' },
  },
  arguments: [{ name: 'NAME', description: 'folder to make for the project', optional: true }],
  examples: ['flotilla create shop', 'flotilla create --output-dir deploy'],
  async run({ host, terminal }, { outputDir, force }, [name]) {
    for (const path of createProject(host, name, { ...(outputDir !== undefined && { outputDir }), ...(force && { force }) })) {
      terminal.out(`created ${path}\n`)
    }
    return exitCodes.ok
  },
})
