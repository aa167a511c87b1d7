import { failure } from '../base/diagnostic.ts'
import type { Source } from '../base/source.ts'
import { compareVersions, parseVersion } from '../go/masterminds-semver.ts'
import { GoInt, type GoMap, type GoValue } from '../go/values.ts'
import { decodeYaml } from '../yaml/decode.ts'
import { assertionKinds } from './asserts/table.ts'
import type { Assertion, CommonSettings, DocumentSelector, FakeCluster, PostRenderCommand, Suite, Test } from './suite.ts'

/** The helm-unittest whose suites these are; what `skip.minimumVersion` is compared with. */
const PLUGIN_VERSION = '1.1.2'

const COMMON_KEYS = ['values', 'set', 'templates', 'release', 'capabilities', 'chart', 'kubernetesProvider', 'postRenderer', 'skip']
const SUITE_KEYS: ReadonlySet<string> = new Set([...COMMON_KEYS, 'suite', 'excludeTemplates', 'includeCrds', 'snapshotId', 'tests'])
const TEST_KEYS: ReadonlySet<string> = new Set([...COMMON_KEYS, 'it', 'template', 'documentIndex', 'documentindices', 'documentSelector', 'asserts'])

interface Reader {
  readonly source: Source
  /** Unknown keys are errors. */
  readonly strict: boolean
}

function wrong({ source }: Reader, what: string): Error {
  return failure('unittest/bad-suite', what, { subject: source.name })
}

function mapAt(reader: Reader, map: GoMap, key: string): GoMap {
  const value = map.get(key) ?? null
  if (value === null) return new Map()
  if (value instanceof Map) return value
  throw wrong(reader, `"${key}" must be a map`)
}

function listAt(reader: Reader, map: GoMap, key: string): readonly GoValue[] {
  const value = map.get(key) ?? null
  if (value === null) return []
  if (Array.isArray(value)) return value
  throw wrong(reader, `"${key}" must be a list`)
}

/** Scalars as the text go-yaml makes of them. */
function textAt(reader: Reader, map: GoMap, key: string): string {
  const value = map.get(key) ?? null
  if (value === null) return ''
  if (value instanceof GoInt) return String(value.value)
  if (typeof value !== 'object') return String(value)
  throw wrong(reader, `"${key}" must be a text`)
}

function textsAt(reader: Reader, map: GoMap, key: string): readonly string[] {
  return listAt(reader, map, key).map((value) => textAt(reader, new Map([[key, value]]), key))
}

function flagAt(reader: Reader, map: GoMap, key: string): boolean {
  const value = map.get(key) ?? null
  if (value === null || typeof value === 'boolean') return value ?? false
  throw wrong(reader, `"${key}" must be true or false`)
}

function integerAt(reader: Reader, map: GoMap, key: string): number | undefined {
  const value = map.get(key) ?? null
  if (value === null) return undefined
  if (value instanceof GoInt) return Number(value.value)
  throw wrong(reader, `"${key}" must be a whole number`)
}

function selectorIn(reader: Reader, map: GoMap): DocumentSelector | undefined {
  if (!map.has('documentSelector')) return undefined
  const selector = mapAt(reader, map, 'documentSelector')
  const value = selector.get('value') ?? undefined
  return {
    path: textAt(reader, selector, 'path'),
    value,
    matchMany: selector.get('matchMany') === true,
    skipEmptyTemplates: selector.get('skipEmptyTemplates') === true,
  }
}

function clusterIn(reader: Reader, map: GoMap): FakeCluster {
  const provider = mapAt(reader, map, 'kubernetesProvider')
  const scheme = [...mapAt(reader, provider, 'scheme').keys()].map((kind) => {
    const facts = mapAt(reader, mapAt(reader, provider, 'scheme'), kind)
    return [kind, flagAt(reader, facts, 'namespaced')] as const
  })
  const objects = listAt(reader, provider, 'objects').filter((object): object is GoMap => object instanceof Map)
  return { scheme: new Map(scheme), objects }
}

function postRendererIn(reader: Reader, map: GoMap): PostRenderCommand | undefined {
  const config = mapAt(reader, map, 'postRenderer')
  const cmd = textAt(reader, config, 'cmd')
  return cmd === '' ? undefined : { cmd, args: textsAt(reader, config, 'args') }
}

function isOlder(wanted: string): boolean {
  return wanted !== '' && compareVersions(parseVersion(PLUGIN_VERSION), parseVersion(wanted)) < 0
}

function skipIn(reader: Reader, map: GoMap): string {
  const skip = mapAt(reader, map, 'skip')
  const wanted = textAt(reader, skip, 'minimumVersion')
  if (isOlder(wanted)) return `Test suite requires minimum unittest plugin version ${wanted}, but current version is ${PLUGIN_VERSION}`
  return textAt(reader, skip, 'reason')
}

function commonIn(reader: Reader, map: GoMap): CommonSettings {
  const release = mapAt(reader, map, 'release')
  const capabilities = mapAt(reader, map, 'capabilities')
  const chart = mapAt(reader, map, 'chart')
  return {
    values: textsAt(reader, map, 'values'),
    set: mapAt(reader, map, 'set'),
    templates: textsAt(reader, map, 'templates'),
    release: {
      name: textAt(reader, release, 'name'),
      namespace: textAt(reader, release, 'namespace'),
      revision: integerAt(reader, release, 'revision') ?? 0,
      upgrade: flagAt(reader, release, 'upgrade'),
    },
    capabilities: {
      majorVersion: textAt(reader, capabilities, 'majorVersion'),
      minorVersion: textAt(reader, capabilities, 'minorVersion'),
      apiVersions: textsAt(reader, capabilities, 'apiVersions'),
    },
    chart: { version: textAt(reader, chart, 'version'), appVersion: textAt(reader, chart, 'appVersion') },
    cluster: clusterIn(reader, map),
    postRenderer: postRendererIn(reader, map),
    skip: skipIn(reader, map),
  }
}

const NOT_KINDS: ReadonlySet<string> = new Set(['template', 'documentIndex', 'documentSelector', 'not'])

function assertionIn(reader: Reader, given: GoValue): Assertion {
  if (!(given instanceof Map)) throw wrong(reader, 'an assertion must be a map')
  const types = [...given.keys()].filter((key) => assertionKinds.has(key))
  const [type] = types
  if (types.length > 1) throw wrong(reader, `assertion type \`${types[0]}\` and \`${types[1]}\` is declared duplicately`)
  if (type === undefined) {
    const unknown = [...given.keys()].find((key) => !NOT_KINDS.has(key))
    throw wrong(reader, unknown === undefined ? 'no assertion type defined' : `Assertion type \`${unknown}\` is invalid`)
  }
  const documentSelector = selectorIn(reader, given)
  if (documentSelector?.path === '') throw wrong(reader, "empty 'documentSelector.path' not supported")
  return {
    type,
    parameters: mapAt(reader, given, type),
    not: given.get('not') === true,
    template: typeof given.get('template') === 'string' ? (given.get('template') as string) : '',
    documentIndex: given.get('documentIndex') instanceof GoInt ? (integerAt(reader, given, 'documentIndex') as number) : -1,
    documentSelector,
  }
}

function checkKeys(reader: Reader, map: GoMap, known: ReadonlySet<string>, what: string): void {
  const unknown = reader.strict ? [...map.keys()].find((key) => !known.has(key)) : undefined
  if (unknown !== undefined) throw wrong(reader, `field ${unknown} not found in a ${what}`)
}

function testIn(reader: Reader, given: GoValue): Test {
  if (!(given instanceof Map)) throw wrong(reader, 'a test must be a map')
  checkKeys(reader, given, TEST_KEYS, 'test')
  const asserts = listAt(reader, given, 'asserts').filter((assertion) => assertion !== null)
  if (asserts.length === 0) throw wrong(reader, 'no asserts found')
  const capabilities = mapAt(reader, given, 'capabilities')
  return {
    ...commonIn(reader, given),
    name: textAt(reader, given, 'it'),
    template: textAt(reader, given, 'template'),
    documentIndex: integerAt(reader, given, 'documentIndex'),
    documentSelector: selectorIn(reader, given),
    assertions: asserts.map((assertion) => assertionIn(reader, assertion)),
    takesApiVersions: !capabilities.has('apiVersions') || capabilities.get('apiVersions') !== null,
  }
}

/** Where the file of a suite lies, and whose templates it is about. */
export interface SuitePlace {
  readonly file: string
  readonly route: string
  readonly strict: boolean
}

/**
 * The suite in one document; undefined for an empty one.
 *
 * @throws DiagnosticError `unittest/bad-suite`, YamlError
 * Source: helm-unittest 1.1.2 pkg/unittest/test_suite.go (createTestSuite), test_job.go, assertion.go
 */
export function decodeSuite(source: Source, { file, route, strict }: SuitePlace): Suite | undefined {
  const reader: Reader = { source, strict }
  const document = decodeYaml(source, 'helmfile')
  if (document === null) return undefined
  if (!(document instanceof Map)) throw wrong(reader, 'a suite must be a map')
  checkKeys(reader, document, SUITE_KEYS, 'suite')
  const tests = listAt(reader, document, 'tests').filter((test) => test !== null)
  if (tests.length === 0) throw wrong(reader, 'no tests found')
  return {
    ...commonIn(reader, document),
    name: textAt(reader, document, 'suite'),
    file,
    excludeTemplates: textsAt(reader, document, 'excludeTemplates'),
    includeCrds: flagAt(reader, document, 'includeCrds'),
    snapshotId: textAt(reader, document, 'snapshotId'),
    tests: tests.map((test) => testIn(reader, test)),
    route,
  }
}
