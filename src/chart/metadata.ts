import { failure } from '../base/diagnostic.ts'
import type { Source } from '../base/source.ts'
import { quote } from '../go/quote.ts'
import { isPrint } from '../go/runes.ts'
import type { ChartDependency, ChartLock, ChartMetadata } from './chart.ts'
import { isVersion } from './compatible-version.ts'
import { decodeStruct, type Shape, type StructShape } from './decode-struct.ts'

const STRING: Shape = { kind: 'string' }
const STRINGS: Shape = { kind: 'list', of: STRING }

const MAINTAINER: Shape = { kind: 'struct', name: 'Maintainer', goType: 'v2.Maintainer', fields: { name: STRING, email: STRING, url: STRING } }

const DEPENDENCY: Shape = {
  kind: 'struct',
  name: 'Dependency',
  goType: 'v2.Dependency',
  fields: {
    name: STRING,
    version: STRING,
    repository: STRING,
    condition: STRING,
    tags: STRINGS,
    enabled: { kind: 'bool' },
    'import-values': { kind: 'list', of: { kind: 'any' } },
    alias: STRING,
  },
}

const METADATA: StructShape = {
  kind: 'struct',
  name: 'Metadata',
  goType: 'v2.Metadata',
  fields: {
    name: STRING,
    home: STRING,
    sources: STRINGS,
    version: STRING,
    description: STRING,
    keywords: STRINGS,
    maintainers: { kind: 'list', of: MAINTAINER },
    icon: STRING,
    apiVersion: STRING,
    condition: STRING,
    tags: STRING,
    appVersion: STRING,
    deprecated: { kind: 'bool' },
    annotations: { kind: 'map', of: STRING },
    kubeVersion: STRING,
    dependencies: { kind: 'list', of: DEPENDENCY },
    type: STRING,
  },
}

const LOCK: StructShape = {
  kind: 'struct',
  name: 'Lock',
  goType: 'v2.Lock',
  fields: { generated: { kind: 'time' }, digest: STRING, dependencies: { kind: 'list', of: DEPENDENCY } },
}

type Fields = Record<string, unknown>

/** Maps of the decoder as plain objects; keys are known names or annotations. */
function toObject(map: ReadonlyMap<string, unknown>): Fields {
  return Object.fromEntries(map)
}

/** The items as objects, each laid over the one at its place in `base`, as Go decodes into a list that is there already. */
function structs(list: unknown, base: unknown = []): unknown {
  const below = base as readonly (Fields | null)[]
  return (list as readonly (ReadonlyMap<string, unknown> | null)[]).map((item, i) => item && { ...below[i], ...toObject(item) })
}

/** Chart metadata before validation: a list may hold null where the file does. */
export type RawMetadata = Fields

/**
 * What `source` (a Chart.yaml or requirements.yaml) says, laid over `base`. With `strict`, unknown and repeated keys are errors.
 *
 * @throws DiagnosticError `chart/yaml`, `chart/wrong-type` in Go's words
 * Source: Helm 4.3.1 pkg/chart/v2/metadata.go, dependency.go
 */
export function decodeMetadata(source: Source, base: RawMetadata = {}, options: { readonly strict?: boolean } = {}): RawMetadata {
  const fields = toObject(decodeStruct(source, METADATA, options).fields)
  for (const name of ['maintainers', 'dependencies']) if (fields[name]) fields[name] = structs(fields[name], base[name])
  if (fields['annotations'])
    fields['annotations'] = { ...(base['annotations'] as Fields | undefined), ...toObject(fields['annotations'] as ReadonlyMap<string, unknown>) }
  return { ...base, ...fields }
}

/**
 * The content of a Chart.lock or requirements.lock.
 *
 * @throws DiagnosticError `chart/yaml`, `chart/wrong-type` in Go's words
 */
export function decodeLock(source: Source): ChartLock {
  const fields = toObject(decodeStruct(source, LOCK).fields)
  const dependencies = fields['dependencies'] ? (structs(fields['dependencies']) as ChartDependency[]) : []
  return { generated: String(fields['generated'] ?? ''), digest: String(fields['digest'] ?? ''), dependencies }
}

function invalid(what: string): Error {
  return failure('chart/invalid', `validation: ${what}`)
}

/** Every kind of white space becomes a blank; what cannot be printed goes. */
function sanitize(text: string): string {
  return [...text]
    .map((c) => (/[\s\x85]/u.test(c) && c !== '\uFEFF' ? ' ' : c))
    .filter((c) => isPrint(c.codePointAt(0) as number))
    .join('')
}

function sanitized<T>(value: T): T {
  if (typeof value === 'string') return sanitize(value) as T
  return Array.isArray(value) ? (value.map((item) => (typeof item === 'string' ? sanitize(item) : item)) as T) : value
}

const SANITIZED = ['name', 'description', 'home', 'icon', 'condition', 'tags', 'appVersion', 'kubeVersion', 'sources', 'keywords']
const SANITIZED_IN_DEPENDENCY = ['name', 'version', 'repository', 'condition', 'tags']
const SANITIZED_IN_MAINTAINER = ['name', 'email', 'url']

function sanitizeFields(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, names.includes(key) ? sanitized(value) : value]))
}

function checkName(name: string): void {
  if (name === '') throw invalid('chart.metadata.name is required')
  if (name === '.' || name === '..') throw invalid(`chart.metadata.name ${quote(name)} is not allowed`)
  if (name.includes('/')) throw invalid(`chart.metadata.name ${quote(name)} is invalid`)
}

function checkVersion(version: string): void {
  if (version === '') throw invalid('chart.metadata.version is required')
  if (!isVersion(version)) throw invalid(`chart.metadata.version ${quote(version)} is invalid`)
}

function validDependency(raw: Fields | null): ChartDependency {
  if (raw === null) throw invalid('dependencies must not contain empty or null nodes')
  const dependency = sanitizeFields(raw, SANITIZED_IN_DEPENDENCY)
  const alias = dependency['alias'] as string | undefined
  if (alias && !/^[a-zA-Z0-9_-]+$/.test(alias))
    throw invalid(`dependency ${quote(String(dependency['name'] ?? ''))} has disallowed characters in the alias`)
  return { name: '', ...dependency }
}

function validDependencies(raw: readonly (Fields | null)[]): readonly ChartDependency[] {
  const seen = new Set<string>()
  return raw.map((item) => {
    const dependency = validDependency(item)
    const key = dependency.alias || dependency.name
    if (seen.has(key)) throw invalid(`more than one dependency with name or alias ${quote(key)}`)
    seen.add(key)
    return dependency
  })
}

function validMaintainer(raw: Fields | null): Fields {
  if (raw === null) throw invalid('maintainers must not contain empty or null nodes')
  return sanitizeFields(raw, SANITIZED_IN_MAINTAINER)
}

/**
 * The metadata as Helm keeps it: texts cleaned of odd characters, `apiVersion` set.
 *
 * @throws DiagnosticError `chart/invalid` with Helm's words for the first rule that is broken
 * Source: Helm 4.3.1 pkg/chart/v2/metadata.go (Validate), dependency.go (Validate)
 */
export function validMetadata(raw: RawMetadata): ChartMetadata {
  const fields = sanitizeFields(raw, SANITIZED)
  const apiVersion = (fields['apiVersion'] as string | undefined) ?? ''
  if (apiVersion === '') throw invalid('chart.metadata.apiVersion is required')
  const name = (fields['name'] as string | undefined) ?? ''
  checkName(name)
  const version = (fields['version'] as string | undefined) ?? ''
  checkVersion(version)
  if (!['', 'application', 'library'].includes((fields['type'] as string | undefined) ?? ''))
    throw invalid('chart.metadata.type must be application or library')
  const maintainers = (fields['maintainers'] as readonly (Fields | null)[] | undefined)?.map(validMaintainer)
  const dependencies = fields['dependencies'] && validDependencies(fields['dependencies'] as readonly (Fields | null)[])
  return {
    ...fields,
    name,
    version,
    apiVersion,
    ...(maintainers ? { maintainers } : {}),
    ...(dependencies ? { dependencies } : {}),
  } as unknown as ChartMetadata
}
