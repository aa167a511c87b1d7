import { type ExplainedValue, explainValues } from '../../actions/explain-values.ts'
import { formatTable } from '../../report/table.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { outputOption } from '../shared-options.ts'
import { stateRequest } from '../state-request.ts'

function asTable(path: string, values: readonly ExplainedValue[]): string {
  if (values.length === 0) return `no layer sets "${path}"\n`
  const rows = values.map((item) => [item.wins ? '*' : '', item.layer, item.place ?? '-', JSON.stringify(item.value)])
  return formatTable(['', 'LAYER', 'PLACE', 'VALUE'], rows)
}

export const valuesExplain: Command = defineCommand({
  options: outputOption,
  arguments: [
    { name: 'RELEASE', description: 'name, or namespace/name' },
    { name: 'PATH', description: 'path of the value, such as image.tag or hosts[0].name; absent: all values', optional: true },
  ],
  examples: ['flotilla -e staging values explain web image.tag'],
  async run(context, { output }, [release = '', path = '']) {
    const values = await explainValues(context.host, stateRequest(context), release, path)
    if (output === 'json') context.terminal.json({ release, path, layers: values.map((item) => ({ ...item, place: item.place ?? null })) })
    else context.terminal.out(asTable(path, values))
    return exitCodes.ok
  },
})
