import type { Source } from '../base/source.ts'
import { decodeMetadata, type RawMetadata } from '../chart/metadata.ts'
import { stringFromBytes } from '../go/bytes.ts'
import { typeOf } from '../go/kind.ts'
import { lenient } from '../go/lenient.ts'
import { checkConstraint, parseConstraint, parseStrictVersion, parseVersion, versionString } from '../go/masterminds-semver.ts'
import { quote } from '../go/quote.ts'
import { GoInt, type GoMap, GoTime, type GoValue } from '../go/values.ts'
import { decodeYaml } from '../yaml/decode.ts'
import { isEmail, isRequestUrl, isWebAddress } from './address-forms.ts'
import type { ChartFolder } from './chart-folder.ts'
import { errorText, type Findings, type LintSeverity } from './lint-message.ts'

const FILE = 'Chart.yaml'

/** What a rule says is wrong; undefined when nothing is. */
type Fault = string | undefined

function faultOf(work: () => unknown): Fault {
  try {
    work()
    return undefined
  } catch (error) {
    return errorText(error)
  }
}

const text = (metadata: RawMetadata, key: string): string => (metadata[key] as string | undefined) ?? ''

function nameFault(name: string): Fault {
  if (name === '') return 'name is required'
  const base = name.replace(/\/+$/, '').split('/').at(-1) || '/'
  return base === name ? undefined : `chart name ${quote(name)} is invalid`
}

function apiVersionFault(apiVersion: string): Fault {
  if (apiVersion === '') return 'apiVersion is required. The value must be either "v1" or "v2"'
  return apiVersion === 'v1' || apiVersion === 'v2' ? undefined : `apiVersion '${apiVersion}' is not valid. The value must be either "v1" or "v2"`
}

/** The type of a value as Go's `%T` names it once it went through JSON. */
function jsonType(value: GoValue): string {
  if (value instanceof GoTime) return 'string'
  return value instanceof GoInt ? 'float64' : typeOf(value)
}

function textTypeFault(values: GoMap, key: string): Fault {
  const value = values.get(key)
  if (value === undefined) return undefined
  const type = value === null ? '<nil>' : jsonType(value)
  return type === 'string' ? undefined : `${key} should be of type string but it's of type ${type}`
}

/** The lowest version that no chart may have. */
const LOWEST = '0.0.0-0'

function versionFault(given: string): Fault {
  if (given === '') return 'version is required'
  const version = lenient(() => parseVersion(given), undefined)
  if (!version) return `version '${given}' is not a valid SemVer`
  if (checkConstraint(parseConstraint(`>${LOWEST}`), version)) return undefined
  return `version ${quote(versionString(version))} is less than or equal to ${quote(LOWEST)}`
}

function strictVersionFault(version: string): Fault {
  return lenient(() => parseStrictVersion(version), undefined) ? undefined : `version '${version}' is not a valid SemVerV2`
}

type Maintainer = { readonly name?: string; readonly email?: string; readonly url?: string } | null

function maintainerFault(maintainer: Maintainer): Fault {
  if (maintainer === null) return 'a maintainer entry is empty'
  const { name = '', email = '', url = '' } = maintainer
  if (name === '') return 'each maintainer requires a name'
  if (email !== '' && !isEmail(email)) return `invalid email '${email}' for maintainer '${name}'`
  return url !== '' && !isWebAddress(url) ? `invalid url '${url}' for maintainer '${name}'` : undefined
}

function maintainersFault(metadata: RawMetadata): Fault {
  return ((metadata['maintainers'] ?? []) as readonly Maintainer[]).map(maintainerFault).find((fault) => fault !== undefined)
}

function sourcesFault(metadata: RawMetadata): Fault {
  const bad = ((metadata['sources'] ?? []) as readonly string[]).find((source) => !isRequestUrl(source))
  return bad === undefined ? undefined : `invalid source URL '${bad}'`
}

function iconFault(icon: string): Fault {
  return icon === '' || isRequestUrl(icon) ? undefined : `invalid icon URL '${icon}'`
}

function typeFault(metadata: RawMetadata): Fault {
  const apiVersion = text(metadata, 'apiVersion')
  if (text(metadata, 'type') === '' || apiVersion === 'v2') return undefined
  return `chart type is not valid in apiVersion '${apiVersion}'. It is valid in apiVersion 'v2'`
}

function dependenciesFault(metadata: RawMetadata): Fault {
  const apiVersion = text(metadata, 'apiVersion')
  if (((metadata['dependencies'] ?? []) as readonly unknown[]).length === 0 || apiVersion === 'v2') return undefined
  return `dependencies are not valid in the Chart file with apiVersion '${apiVersion}'. They are valid in apiVersion 'v2'`
}

/** The file's values, nothing where they are no map: another rule says so. */
function plainValues(source: Source): GoMap {
  const value = decodeYaml(source, 'helm')
  return value instanceof Map ? value : new Map()
}

function metadataFaults(source: Source, metadata: RawMetadata): readonly (readonly [LintSeverity, Fault])[] {
  const values = plainValues(source)
  const version = text(metadata, 'version')
  const icon = text(metadata, 'icon')
  const strict = faultOf(() => decodeMetadata(source, {}, { strict: true }))
  return [
    ['warning', strict && `failed to strictly parse chart metadata file\n\t${strict}`],
    ['error', nameFault(text(metadata, 'name'))],
    ['error', apiVersionFault(text(metadata, 'apiVersion'))],
    ['error', textTypeFault(values, 'version')],
    ['error', versionFault(version)],
    ['error', textTypeFault(values, 'appVersion')],
    ['error', maintainersFault(metadata)],
    ['error', sourcesFault(metadata)],
    ['info', icon === '' ? 'icon is recommended' : undefined],
    ['error', iconFault(icon)],
    ['error', typeFault(metadata)],
    ['error', dependenciesFault(metadata)],
    ['warning', strictVersionFault(version)],
  ]
}

/** Adds what is wrong with Chart.yaml. Source: Helm 4.3.1 pkg/chart/v2/lint/rules/chartfile.go */
export function checkChartFile(folder: ChartFolder, findings: Findings): void {
  const add = (severity: LintSeverity, fault: Fault): void => {
    if (fault !== undefined) findings.push({ severity, path: FILE, text: fault })
  }
  if (folder.kindOf(FILE) === 'directory') add('error', 'should be a file, not a directory')
  let source: Source
  let metadata: RawMetadata
  try {
    source = { name: FILE, text: stringFromBytes(folder.read(FILE)) }
    metadata = decodeMetadata(source)
  } catch (error) {
    add('error', `unable to parse YAML\n\t${errorText(error)}`)
    return
  }
  for (const [severity, fault] of metadataFaults(source, metadata)) add(severity, fault)
}
