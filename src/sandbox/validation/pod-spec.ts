import { isObject, type JsonObject, objectOf, textOf, valueAt } from '../../base/json.ts'
import { listOf } from '../json.ts'
import { selectsLabels } from '../selectors.ts'
import type { Cause } from '../status.ts'
import { duplicateValue, forbiddenField, invalidValue, oneOf, requiredValue, unsupportedValue } from './causes.ts'
import { validateContainers } from './container.ts'
import { validateLabels } from './metadata.ts'
import { labelProblems, subdomainProblems } from './names.ts'

/** What is wrong with a pod's spec. `claims` are names of volumes it will have besides its own. Source: kubernetes pkg/apis/core/validation/validation.go */
export function validatePodSpec(spec: JsonObject, field: string, claims: readonly string[] = []): readonly Cause[] {
  const volumes = new Set<string>(claims)
  const causes = [...validateVolumes(listOf(spec['volumes']).map(objectOf), `${field}.volumes`, volumes)]
  const taken = new Set<string>()
  const containers = listOf(spec['containers']).map(objectOf)
  if (containers.length === 0) causes.push(requiredValue(`${field}.containers`))
  else causes.push(...validateContainers(containers, `${field}.containers`, volumes, taken, false))
  causes.push(...validateContainers(listOf(spec['initContainers']).map(objectOf), `${field}.initContainers`, volumes, taken, true))
  causes.push(...oneOf(`${field}.restartPolicy`, spec['restartPolicy'], ['Always', 'OnFailure', 'Never']))
  causes.push(...oneOf(`${field}.dnsPolicy`, spec['dnsPolicy'], ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']))
  causes.push(...validateLabels(spec['nodeSelector'], `${field}.nodeSelector`))
  const account = textOf(spec['serviceAccountName'])
  if (account !== '') causes.push(...subdomainProblems(account).map((p) => invalidValue(`${field}.serviceAccountName`, account, p)))
  return causes
}

function validateVolumes(volumes: readonly JsonObject[], field: string, names: Set<string>): readonly Cause[] {
  const own = new Set<string>()
  return volumes.flatMap((volume, i) => {
    const here = `${field}[${i}]`
    const name = textOf(volume['name'])
    const causes = validateVolumeSource(volume, here)
    if (name === '') causes.push(requiredValue(`${here}.name`))
    else causes.push(...labelProblems(name).map((p) => invalidValue(`${here}.name`, name, p)))
    if (own.has(name)) causes.push(duplicateValue(`${here}.name`, name))
    if (causes.length > 0) return causes
    own.add(name)
    names.add(name)
    return causes
  })
}

const SOURCE_NAMES: readonly (readonly [string, string])[] = [
  ['configMap', 'name'],
  ['secret', 'secretName'],
  ['persistentVolumeClaim', 'claimName'],
  ['hostPath', 'path'],
]

function validateVolumeSource(volume: JsonObject, field: string): Cause[] {
  const sources = Object.keys(volume).filter((key) => key !== 'name' && isObject(volume[key]))
  const causes: Cause[] = sources.slice(1).map((source) => forbiddenField(`${field}.${source}`, 'may not specify more than 1 volume type'))
  for (const [source, member] of SOURCE_NAMES) {
    if (isObject(volume[source]) && textOf(valueAt(volume, source, member)) === '' && sources[0] === source)
      causes.push(requiredValue(`${field}.${source}.${member}`))
  }
  return causes
}

/** What is wrong with the pod template of a workload whose `selector` must pick it. */
export function validateTemplate(template: JsonObject, selector: unknown, field: string, claims: readonly string[] = []): readonly Cause[] {
  const labels = valueAt(template, 'metadata', 'labels')
  const causes: Cause[] = []
  if (!selectsLabels(selector ?? undefined, objectOf(labels))) {
    causes.push(invalidValue(`${field}.metadata.labels`, labels, '`selector` does not match template `labels`'))
  }
  causes.push(...validateLabels(labels, `${field}.labels`), ...validatePodSpec(objectOf(template['spec']), `${field}.spec`, claims))
  const restart = valueAt(template, 'spec', 'restartPolicy')
  if (restart !== 'Always' && ['OnFailure', 'Never'].includes(String(restart)))
    causes.push(unsupportedValue(`${field}.spec.restartPolicy`, restart, ['Always']))
  return causes
}
