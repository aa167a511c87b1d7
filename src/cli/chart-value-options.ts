import type { UserValues } from '../actions/user-values.ts'
import { withoutUndefined } from '../base/without-undefined.ts'
import type { CommandContext } from './command.ts'
import type { OptionValues } from './option-table.ts'

/** Values for one chart, as Helm takes them. */
export const chartValueOptions = {
  values: { short: 'f', long: 'values', type: 'list', value: 'FILE', description: 'values file; "-" reads standard input; later ones win' },
  set: { long: 'set', type: 'list', value: 'KEY=VALUE', description: 'set a value (integers and booleans are typed)' },
  setString: { long: 'set-string', type: 'list', value: 'KEY=VALUE', description: 'set a value as text' },
  setFile: { long: 'set-file', type: 'list', value: 'KEY=FILE', description: "set a value to a file's content" },
  setJson: { long: 'set-json', type: 'list', value: 'KEY=JSON', description: 'set a value from JSON' },
  setLiteral: { long: 'set-literal', type: 'list', value: 'KEY=TEXT', description: 'set a value to a text as it stands' },
} as const

/** Helm reads `--values a,b` and the like as lists. */
export const splitAtCommas = (texts: readonly string[]): readonly string[] => texts.flatMap((text) => text.split(','))

/** The values options of a command as its action takes them. */
export function chartValues({ terminal }: Pick<CommandContext, 'terminal'>, options: OptionValues<typeof chartValueOptions>): UserValues {
  const { values, set, setString, setFile, setJson, setLiteral } = options
  const valuesFiles = values && splitAtCommas(values)
  return { ...withoutUndefined({ valuesFiles, set, setString, setFile, setJson, setLiteral }), stdin: () => terminal.readInput() }
}
