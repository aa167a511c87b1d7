import { resolve } from 'node:path'
import type { Host } from '../base/host.ts'
import { encodeJson } from '../go/json-encode.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import { visitState } from '../state/load-state.ts'
import type { StateRequest } from '../state/request.ts'
import type { StateFile } from '../state/state.ts'
import { encodeYaml } from '../yaml/encode.ts'

/** The environment of each file as Helmfile prints it: `filePath`, `name`, `values`, and `kubeContext` where the environment names one. */
export async function environmentsOf(host: Host, request: StateRequest): Promise<readonly GoMap[]> {
  const found: GoMap[] = []
  await visitState(host, { ...request, selection: 'matching', allowNoMatchingRelease: true }, (file) => {
    found.push(environmentOf(file))
  })
  return found
}

function environmentOf({ workingDir, filePath, environmentLayers, values }: StateFile): GoMap {
  return new Map<string, GoValue>([
    ['filePath', resolve(workingDir, filePath)],
    ...(environmentLayers.kubeContext ? ([['kubeContext', environmentLayers.kubeContext]] as const) : []),
    ['name', environmentLayers.name],
    ['values', values],
  ])
}

/** One YAML document for each environment. */
export function environmentsAsYaml(environments: readonly GoMap[]): string {
  return environments.map((environment) => encodeYaml(environment, 'helmfile')).join('---\n')
}

/** A JSON list of the environments. */
export function environmentsAsJson(environments: readonly GoMap[]): string {
  return `${encodeJson([...environments], { indent: '  ' })}\n`
}
