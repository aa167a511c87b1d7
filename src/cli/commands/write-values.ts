import { writeValues as writeAll } from '../../actions/print-state.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printHooks } from '../hook-log.ts'
import { concurrencyOption, valueOptions } from '../shared-options.ts'
import { stateRequest } from '../state-request.ts'
import { withSettings } from '../with-settings.ts'

export const writeValues: Command = defineCommand({
  options: {
    ...valueOptions,
    ...concurrencyOption,
    outputFileTemplate: {
      long: 'output-file-template',
      type: 'text',
      value: 'TEMPLATE',
      description: 'Go template for the path of each file (default: {{ .State.BaseName }}-{{ .State.AbsPathSHA1 }}/{{ .Release.Name }}.yaml)',
    },
  },
  examples: ["flotilla -e staging write-values --output-file-template 'values/{{ .Release.Name }}.yaml'"],
  async run(context, { outputFileTemplate, ...given }) {
    const { concurrency, ...options } = await withSettings(context, given)
    const written = await writeAll(context.host, stateRequest(context, options), outputFileTemplate, {
      ...printHooks(context),
      ...(concurrency !== undefined && { concurrency }),
    })
    if (!context.global.quiet) for (const path of written) context.terminal.err(`wrote ${path}\n`)
    return exitCodes.ok
  },
})
