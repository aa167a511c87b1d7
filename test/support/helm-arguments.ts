import type { TemplateChartOptions } from '../../src/actions/template-chart.ts'

type Mutable = { -readonly [K in keyof TemplateChartOptions]: TemplateChartOptions[K] }
type Lists = 'valuesFiles' | 'set' | 'setString' | 'setFile' | 'setJson' | 'setLiteral' | 'showOnly' | 'apiVersions'
type Flags = 'includeCrds' | 'skipTests' | 'noHooks' | 'skipSchemaValidation' | 'isUpgrade' | 'enableDns'

const LISTS: Readonly<Record<string, Lists>> = {
  '-f': 'valuesFiles',
  '--values': 'valuesFiles',
  '--set': 'set',
  '--set-string': 'setString',
  '--set-file': 'setFile',
  '--set-json': 'setJson',
  '--set-literal': 'setLiteral',
  '-s': 'showOnly',
  '--show-only': 'showOnly',
  '-a': 'apiVersions',
  '--api-versions': 'apiVersions',
}

/** Lists whose arguments hold several entries. */
const COMMA_SEPARATED: ReadonlySet<Lists> = new Set(['valuesFiles', 'apiVersions'])

const FLAGS: Readonly<Record<string, Flags>> = {
  '--include-crds': 'includeCrds',
  '--skip-tests': 'skipTests',
  '--no-hooks': 'noHooks',
  '--skip-schema-validation': 'skipSchemaValidation',
  '--is-upgrade': 'isUpgrade',
  '--enable-dns': 'enableDns',
}

/** Flags of `helm template` that change nothing of what a chart without a cluster gives; those with a value have one behind. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  '--skip-crds',
  '--dry-run',
  '--wait',
  '--atomic',
  '--hide-notes',
  '--render-subchart-notes',
  '--devel',
])

/**
 * The options that arguments of `helm template` stand for; undefined when one of them is the command line's own business
 * (debug output, the network, flags that do not exist).
 */
export function optionsFromArguments(args: readonly string[]): Partial<TemplateChartOptions> | undefined {
  const options: Partial<Mutable> = {}
  for (let i = 0; i < args.length; i++) {
    const [flag, inline] = (args[i] as string).startsWith('--') ? splitFlag(args[i] as string) : [args[i] as string, undefined]
    const next = (): string | undefined => inline ?? args[++i]
    if (LISTS[flag]) {
      const value = next()
      if (value === undefined) return undefined
      const values = COMMA_SEPARATED.has(LISTS[flag]) ? value.split(',').filter((item) => item !== '') : [value]
      options[LISTS[flag]] = [...((options[LISTS[flag]] as readonly string[] | undefined) ?? []), ...values]
    } else if (FLAGS[flag]) {
      if (inline !== undefined && inline !== 'true' && inline !== 'false') return undefined
      options[FLAGS[flag]] = inline !== 'false'
    } else if (flag === '--kube-version') options.kubeVersion = next() ?? ''
    else if (flag === '--namespace') options.namespace = next() ?? ''
    else if (!WITHOUT_EFFECT.has(flag) || inline !== undefined) return undefined
  }
  return options
}

function splitFlag(text: string): readonly [string, string | undefined] {
  const equals = text.indexOf('=')
  return equals < 0 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)]
}
