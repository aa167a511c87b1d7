import { allText, givenValues, hooksText, metadataOf, metadataText, notesText, valuesYaml } from '../../report/release-content.ts'
import { type Command, defineCommand } from '../command.ts'
import { dataOutputOption, releaseArgument, revisionOptions, showContent } from '../get-content.ts'

/*
 * What is recorded of a release, as `helm get` prints it, except that secrets are hidden unless they are asked for.
 */

export const getAll: Command = defineCommand({
  options: revisionOptions,
  arguments: [releaseArgument],
  examples: ['flotilla -e staging get all web', 'flotilla -e staging get all shop/web --revision 3'],
  run: (context, options, [name = '']) => showContent(context, name, options, (content) => context.terminal.out(allText(content))),
})

export const getValues: Command = defineCommand({
  options: {
    ...revisionOptions,
    all: { short: 'a', long: 'all', type: 'flag', description: "the chart's values too" },
    ...dataOutputOption,
  },
  arguments: [releaseArgument],
  examples: ['flotilla -e staging get values web', 'flotilla -e staging get values web --all --output yaml'],
  run: (context, options, [name = '']) =>
    showContent(context, name, options, ({ revision, computed }) => {
      const values = options.all ? computed : givenValues(revision)
      const heading = options.output === 'yaml' ? '' : options.all ? 'COMPUTED VALUES:\n' : 'USER-SUPPLIED VALUES:\n'
      if (options.output === 'json') context.terminal.json(values)
      else context.terminal.out(heading + valuesYaml(values))
    }),
})

export const getManifest: Command = defineCommand({
  options: revisionOptions,
  arguments: [releaseArgument],
  examples: ['flotilla -e staging get manifest web', 'flotilla -e staging get manifest web --revision 3'],
  run: (context, options, [name = '']) => showContent(context, name, options, ({ revision }) => context.terminal.out(`${revision.manifest}\n`)),
})

export const getHooks: Command = defineCommand({
  options: revisionOptions,
  arguments: [releaseArgument],
  examples: ['flotilla -e staging get hooks web'],
  run: (context, options, [name = '']) => showContent(context, name, options, ({ revision }) => context.terminal.out(hooksText(revision))),
})

export const getNotes: Command = defineCommand({
  options: revisionOptions,
  arguments: [releaseArgument],
  examples: ['flotilla -e staging get notes web'],
  run: (context, options, [name = '']) => showContent(context, name, options, ({ revision }) => context.terminal.out(notesText(revision))),
})

export const getMetadata: Command = defineCommand({
  options: { ...revisionOptions, ...dataOutputOption },
  arguments: [releaseArgument],
  examples: ['flotilla -e staging get metadata web', 'flotilla -e staging get metadata web --output json'],
  run: (context, options, [name = '']) =>
    showContent(context, name, options, (content) => {
      if (options.output === 'json') context.terminal.json(metadataOf(content))
      else context.terminal.out(options.output === 'yaml' ? valuesYaml(metadataOf(content)) : metadataText(content))
    }),
})
