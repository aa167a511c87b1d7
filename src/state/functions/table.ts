import type { Host } from '../../base/host.ts'
import type { GoFunction, GoValue } from '../../go/values.ts'
import { helmFunctions } from '../../template/functions/table.ts'
import { commandFunctions } from './commands.ts'
import { environmentFunctions } from './environment.ts'
import { fileFunctions } from './files.ts'
import { hostFunctions } from './hosts.ts'
import { jsonOverrides } from './json.ts'
import { lookupFunctions } from './lookup.ts'
import { secretFunctions } from './secrets.ts'
import { yamlFunctions } from './yaml.ts'

/** What Helm adds to sprig, and Helmfile does not have. */
const HELM_ONLY: ReadonlySet<string> = new Set([
  ...['toToml', 'mustToToml', 'fromToml', 'mustToYaml', 'toYamlPretty', 'fromYamlArray', 'fromJsonArray', 'lookup'],
  ...['mustToDuration', 'durationSeconds', 'durationMilliseconds', 'durationMicroseconds', 'durationNanoseconds', 'durationMinutes'],
  ...['durationHours', 'durationDays', 'durationWeeks', 'durationRoundTo', 'durationTruncateTo'],
])

/**
 * The functions of state templates, by name, but for `include`: sprig's, `env` and `expandenv` among them, and Helmfile's own.
 *
 * @param basePath where relative paths of files and commands start, seen from the host's working folder
 * @param tpl renders a text
 * Source: Helmfile 1.8 pkg/tmpl/context_funcs.go, context_tmpl.go; sprig 3.3.0
 */
export function helmfileFunctions(host: Host, basePath: string, tpl: (text: string, data: GoValue) => string): ReadonlyMap<string, GoFunction> {
  const sprig = helmFunctions(host)
  const sprigGet = sprig.get('get')
  return new Map<string, GoFunction>([
    ...[...sprig].filter(([name]) => !HELM_ONLY.has(name)),
    ...jsonOverrides(sprig),
    ...environmentFunctions(host),
    ...fileFunctions(host, basePath),
    ...commandFunctions(host, basePath),
    ...yamlFunctions,
    ...lookupFunctions,
    ...secretFunctions(host),
    ...hostFunctions(host),
    ['tpl', { params: ['string', 'interface {}'], call: tpl }],
    ...(sprigGet ? [['sprigGet', sprigGet] as const] : []),
  ])
}
