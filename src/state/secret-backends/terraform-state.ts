import { decodeJson } from '../../go/json-decode.ts'
import { encodeJson } from '../../go/json-encode.ts'
import type { GoMap, GoValue } from '../../go/values.ts'
import { type SecretQuery, secretFailure } from './backend.ts'

/**
 * What `key` names in a Terraform or OpenTofu state: `output.NAME`, `TYPE.NAME.ATTRIBUTE`, `data.…`, `module.….…`, with `[0]` or
 * `["key"]` behind names that have several instances. Texts are given as they are, everything else as JSON.
 * @throws DiagnosticError `state/secret-ref` when it names nothing
 * Source: fujiwara/tfstate-lookup (tfstate/lookup.go)
 */
export function lookUpState(text: string, key: string, query: SecretQuery): string {
  const known = namedValues(stateOf(text, query))
  const name = [...known.keys()].filter((known) => isBeginning(known, key)).sort((a, b) => b.length - a.length)[0]
  if (name === undefined) throw secretFailure(query.uri, `there is no "${key}" in the state`)
  const value = below(known.get(name) as GoValue, key.slice(name.length), query)
  return typeof value === 'string' ? value : encodeJson(value)
}

function isBeginning(name: string, key: string): boolean {
  return key.startsWith(name) && ['', '.', '['].includes(key.charAt(name.length))
}

function stateOf(text: string, { uri }: SecretQuery): GoMap {
  let state: GoValue
  try {
    state = decodeJson(text).value
  } catch {
    // The message would quote the state, which may hold secrets.
    throw secretFailure(uri, 'the state is no JSON')
  }
  if (state instanceof Map && state.get('version') === 4) return state
  throw secretFailure(uri, 'the state is not of version 4', 'name a state file, not the file of a backend')
}

function mapsIn(value: GoValue | undefined): readonly GoMap[] {
  return Array.isArray(value) ? value.filter((item) => item instanceof Map) : []
}

/** Outputs and instances of resources by their addresses; a resource with several instances is also a list or a map of them. */
function namedValues(state: GoMap): ReadonlyMap<string, GoValue> {
  const named = new Map<string, GoValue>()
  const outputs = state.get('outputs')
  for (const [name, output] of outputs instanceof Map ? outputs : []) named.set(`output.${name}`, outputValue(output))
  for (const resource of mapsIn(state.get('resources'))) addInstances(named, resource)
  return named
}

function outputValue(output: GoValue): GoValue {
  const isTyped = output instanceof Map && (output.get('value') ?? null) !== null && (output.get('type') ?? null) !== null
  return isTyped ? (output.get('value') as GoValue) : output
}

function addInstances(named: Map<string, GoValue>, resource: GoMap): void {
  const instances = mapsIn(resource.get('instances'))
  const [type, name, mode, module] = ['type', 'name', 'mode', 'module'].map((key) => String(resource.get(key) ?? ''))
  const address = `${module ? `${module}.` : ''}${mode === 'data' ? 'data.' : ''}${type}.${name}`
  if (mode === 'data' && type === 'terraform_remote_state') {
    const attributes = instances[0]?.get('attributes')
    if (attributes instanceof Map) named.set(address, new Map([...attributes].map(([key, value]) => [key, outputValue(value)])))
    return
  }
  const only = instances.length === 1 ? instances[0] : undefined
  if (only && !only.has('index_key')) named.set(address, attributesOf(only))
  else addGroup(named, address, instances)
}

function attributesOf(instance: GoMap): GoValue {
  return instance.get('attributes') ?? instance.get('attributes_flat') ?? null
}

function addGroup(named: Map<string, GoValue>, address: string, instances: readonly GoMap[]): void {
  const keyed: GoMap = new Map()
  const counted: GoValue[] = []
  for (const instance of instances) {
    const key = instance.get('index_key') ?? null
    named.set(`${address}[${encodeJson(key)}]`, attributesOf(instance))
    if (typeof key === 'string') keyed.set(key, attributesOf(instance))
    else counted.push(attributesOf(instance))
  }
  if (instances.length > 0) named.set(address, counted.length > 0 ? counted : keyed)
}

const STEP = /^(?:\.([^.[\]"]+)|\.?\["([^"]*)"\]|\.?\[(-?\d+)\]|\."([^"]*)")/

/** What lies at `path` (`.a.b[0]["c"]`) in `value`; null where a map has no such key. */
function below(value: GoValue, path: string, query: SecretQuery): GoValue {
  if (path === '') return value
  const [step, bare, bracketed, index, quoted] = STEP.exec(path) ?? []
  if (step === undefined) throw secretFailure(query.uri, `"${path}" names no attribute`, 'write .name, [0] or ["key"]')
  return below(child(value, index === undefined ? (bare ?? bracketed ?? quoted ?? '') : Number(index), query), path.slice(step.length), query)
}

function child(value: GoValue, key: string | number, { uri }: SecretQuery): GoValue {
  if (value === null) return null
  if (typeof key === 'number' && Array.isArray(value)) return value.at(key) ?? null
  if (typeof key === 'string' && value instanceof Map) return value.get(key) ?? null
  throw secretFailure(uri, `there is no ${JSON.stringify(key)} in what comes before it`)
}
