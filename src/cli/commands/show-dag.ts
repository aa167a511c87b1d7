import { type DagRow, dagAsDot, dagAsMermaid, dagAsTable, showDag as visitGroups } from '../../actions/print-state.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printHooks } from '../hook-log.ts'
import { stateRequest } from '../state-request.ts'

export const showDag: Command = defineCommand({
  options: {
    output: {
      long: 'output',
      type: 'text',
      value: 'FORMAT',
      choices: ['text', 'json', 'dot', 'mermaid'],
      description: 'text, json, or one graph of all files as dot or mermaid (default: text)',
    },
  },
  examples: ['flotilla -e staging show-dag', 'flotilla -e staging show-dag --output dot | dot -Tsvg > releases.svg'],
  async run(context, { output = 'text' }) {
    const { terminal } = context
    const all: DagRow[] = []
    const take = (rows: readonly DagRow[]): void => {
      if (output === 'text') terminal.out(dagAsTable(rows))
      else all.push(...rows)
    }
    await visitGroups(context.host, stateRequest(context), take, printHooks(context))
    if (output === 'json') terminal.json(all)
    if (output === 'dot') terminal.out(dagAsDot(all))
    if (output === 'mermaid') terminal.out(dagAsMermaid(all))
    return exitCodes.ok
  },
})
