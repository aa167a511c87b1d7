/** How suites of unit tests are found and run; names are the plugin's where they are free. */
export const unittestOptions = {
  updateSnapshot: { short: 'u', long: 'update-snapshot', type: 'flag', description: 'write snapshots that differ; look at the changes before' },
  strict: { long: 'strict', type: 'flag', description: 'refuse suites with unknown keys' },
  failFast: { long: 'fail-fast', type: 'flag', description: 'stop at the first failure' },
  skipSchemaValidation: { long: 'skip-schema-validation', type: 'flag', description: "do not check values against the charts' schemas" },
  output: {
    long: 'output',
    type: 'text',
    value: 'FORMAT',
    choices: ['text', 'json', 'junit'],
    description: 'text, json or junit (default: text)',
  },
} as const
