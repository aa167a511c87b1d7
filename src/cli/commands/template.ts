import { templateState } from '../../actions/template-state.ts'
import { writeManifests } from '../../actions/write-manifests.ts'
import { chartOptions } from '../chart-options.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printHooks } from '../hook-log.ts'
import { printDiagnostics } from '../print-diagnostics.ts'
import { concurrencyOption, needsOptions, passedOptions, strictValuesOption, valueOptions } from '../shared-options.ts'
import { stateRequest } from '../state-request.ts'
import { withSettings } from '../with-settings.ts'

export const template: Command = defineCommand({
  options: {
    ...needsOptions,
    ...valueOptions,
    ...passedOptions,
    ...concurrencyOption,
    ...strictValuesOption,
    includeCrds: { long: 'include-crds', type: 'flag', description: 'print the CRDs of charts too' },
    skipTests: { long: 'skip-tests', type: 'flag', description: 'leave out test hooks' },
    noHooks: { long: 'no-hooks', type: 'flag', description: 'leave out hooks' },
    skipSchemaValidation: { long: 'skip-schema-validation', type: 'flag', description: "do not check values against the charts' schemas" },
    kubeVersion: { long: 'kube-version', type: 'text', value: 'VERSION', description: 'Kubernetes version the charts are to see' },
    showOnly: { long: 'show-only', type: 'list', value: 'PATH', description: 'only this template of the charts, such as templates/service.yaml' },
    outputDir: { long: 'output-dir', type: 'text', value: 'DIR', description: 'write each template to a file in DIR instead of printing it' },
    outputDirTemplate: {
      long: 'output-dir-template',
      type: 'text',
      value: 'TEMPLATE',
      description: 'folder of each release, as a template with .OutputDir, .State, .Release and .Environment',
    },
  },
  examples: ['flotilla -e staging template', 'flotilla -l app=web template --include-crds > web.yaml'],
  async run(context, { outputDir, outputDirTemplate, ...given }) {
    const options = await withSettings(context, given)
    const forFiles = outputDir !== undefined || outputDirTemplate !== undefined
    await templateState(
      context.host,
      stateRequest(context, options),
      {
        ...options,
        ...(await chartOptions(context)),
        forFiles,
        warn: (diagnostic) => printDiagnostics(context.terminal, [diagnostic]),
        hooks: printHooks(context),
      },
      (text, release, file) => {
        if (!forFiles) return context.terminal.exact(text)
        const folders = { outputDir: outputDir ?? '', ...(outputDirTemplate !== undefined && { template: outputDirTemplate }) }
        const written = writeManifests(context.host, file, release, text, folders)
        if (!context.global.quiet) for (const path of written) context.terminal.err(`wrote ${path}\n`)
      },
    )
    return exitCodes.ok
  },
})
