import type { ChartDependency, ChartMetadata } from '../chart/chart.ts'
import { encodeJson } from '../go/json-encode.ts'
import { fromPlain } from '../go/plain.ts'
import { digestOf } from './digest.ts'

/** Fields in the order of Helm's struct; those that Go leaves out when they are empty. */
const FIELDS: readonly (readonly [keyof ChartDependency, 'always' | 'filled'])[] = [
  ['name', 'always'],
  ['version', 'filled'],
  ['repository', 'always'],
  ['condition', 'filled'],
  ['tags', 'filled'],
  ['enabled', 'filled'],
  ['import-values', 'filled'],
  ['alias', 'filled'],
]

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0)
}

function dependencyJson(dependency: ChartDependency): string {
  const fields = FIELDS.flatMap(([name, when]) => {
    const value = dependency[name]
    if (when === 'filled' && isEmpty(value)) return []
    return [`${JSON.stringify(name)}:${encodeJson(fromPlain(value ?? ''))}`]
  })
  return `{${fields.join(',')}}`
}

function listJson(dependencies: readonly ChartDependency[] | undefined): string {
  return dependencies ? `[${dependencies.map(dependencyJson).join(',')}]` : 'null'
}

/**
 * The digest Helm writes into Chart.lock for what is wanted and what was chosen.
 * Source: Helm 4.3.1 internal/resolver/resolver.go (HashReq)
 */
export function lockDigest(wanted: readonly ChartDependency[] | undefined, locked: readonly ChartDependency[]): string {
  return digestOf(`[${listJson(wanted)},${listJson(locked)}]`)
}

/** The digest Helm 2 wrote into requirements.lock. Source: Helm 4.3.1 internal/resolver/resolver.go (HashV2Req) */
export function oldLockDigest(wanted: ChartMetadata['dependencies']): string {
  return digestOf(`{"dependencies":${listJson(wanted)}}`)
}
