import { failure } from '../base/diagnostic.ts'
import type { HelmCompat } from '../chart/helm-compat.ts'
import { parseVersion, versionString } from '../go/masterminds-semver.ts'
import { quote } from '../go/quote.ts'
import { type GoFunction, type GoList, type GoMap, type GoObject, type GoValue, withGoMethods, withGoType } from '../go/values.ts'
import { helmFacts } from './helm-facts.ts'

/** A Kubernetes version as charts see it. */
export interface KubeVersion {
  /** In full, with the leading `v`: `v1.33.4-gke.1245000`. */
  readonly version: string
  /** Numbers only, with the leading `v`: what `kubeVersion` constraints are checked against. */
  readonly normalized: string
  readonly major: string
  readonly minor: string
}

/** What the cluster can do, as charts are told. */
export interface Capabilities {
  readonly kubeVersion: KubeVersion
  readonly apiVersions: readonly string[]
  readonly helmVersion: string
  /** The Helm whose behaviour charts get, too; absent: the newest. */
  readonly helmCompat?: HelmCompat
}

function invalid(text: string, reason: string): Error {
  return failure('render/kube-version', `invalid kube version '${text}': ${reason}`, { hint: 'give it as 1.33 or v1.33.4' })
}

/**
 * Reads a version like `1.33`, `v1.33.4-gke.1245000` or `1.33+`.
 *
 * @throws DiagnosticError `render/kube-version`
 * Source: Helm 4.3.1 pkg/chart/common/capabilities.go (ParseKubeVersion), k8s.io/apimachinery pkg/util/version (ParseGeneric)
 */
export function parseKubeVersion(text: string): KubeVersion {
  const numbers = /^\s*v?([0-9]+(?:\.[0-9]+)*)/.exec(text)?.[1]
  if (numbers === undefined) throw invalid(text, `could not parse ${quote(text)} as version`)
  const components = numbers.split('.')
  if (components.length < 2) throw invalid(text, `illegal version string ${quote(text)}`)
  if (/^0./.test(components[0] as string)) {
    throw invalid(text, `illegal zero-prefixed version component ${quote(components[0] as string)} in ${quote(text)}`)
  }
  const plain = components.map((component) => String(BigInt(component)))
  return {
    version: text.startsWith('v') ? text : `v${text}`,
    normalized: `v${plain.join('.')}`,
    major: plain[0] as string,
    minor: plain[1] as string,
  }
}

/** The version a server reports; its own text is what constraints are checked against. */
export function serverKubeVersion(server: { readonly gitVersion: string; readonly major: string; readonly minor: string }): KubeVersion {
  return { version: server.gitVersion, normalized: server.gitVersion, major: server.major, minor: server.minor }
}

/** As Helm 3 reads one: by the rules of semantic versions, of which pre-releases are a part. */
function parseSemanticKubeVersion(text: string): KubeVersion {
  try {
    const version = parseVersion(text)
    const full = `v${versionString(version)}`
    return { version: full, normalized: full, major: String(version.major), minor: String(version.minor) }
  } catch (error) {
    throw invalid(text, error instanceof Error ? error.message : String(error))
  }
}

/** A version that a person gives, as the Helm that `compat` stands for reads it. @throws DiagnosticError `render/kube-version` */
export function kubeVersionFor(text: string, compat: HelmCompat | undefined): KubeVersion {
  return compat === '3' ? parseSemanticKubeVersion(text) : parseKubeVersion(text)
}

/**
 * Capabilities without a cluster, as `helm template` has them; `apiVersions` come after the built-in ones.
 *
 * @throws DiagnosticError `render/kube-version`
 */
export function offlineCapabilities(
  options: {
    readonly kubeVersion?: string
    readonly apiVersions?: readonly string[]
    readonly helmVersion?: string
    readonly helmCompat?: HelmCompat
  } = {},
): Capabilities {
  const { helmCompat } = options
  const { kubeMinor, apiVersions, released } = helmFacts(helmCompat)
  return {
    kubeVersion: kubeVersionFor(options.kubeVersion || `v1.${kubeMinor}.0`, helmCompat),
    apiVersions: [...apiVersions, ...(options.apiVersions ?? [])],
    helmVersion: options.helmVersion ?? released,
    ...(helmCompat && { helmCompat }),
  }
}

type Fields = readonly (readonly [string, GoValue])[]

/** What the objects below have in common: fields by name, methods by name. */
function reached(fields: Fields, methods: Readonly<Record<string, GoFunction>> = {}): Pick<GoObject, 'field' | 'method'> {
  const byName = new Map(fields)
  return { field: (name) => byName.get(name), method: (name) => (Object.hasOwn(methods, name) ? methods[name] : undefined) }
}

/** A struct's JSON form: keys in the order of its fields. */
function inOrder(fields: Fields): GoMap {
  return withGoType(new Map(fields), 'struct')
}

const returning = (text: string): GoFunction => ({ params: [], call: () => text })

function kubeVersionObject(kube: KubeVersion): GoObject {
  const { version, normalized, major, minor } = kube
  const fields: Fields = [
    ['Version', version],
    ['Major', major],
    ['Minor', minor],
  ]
  return {
    goType: 'common.KubeVersion',
    goKind: 'struct',
    ...reached(fields, { String: returning(normalized), GitVersion: returning(version) }),
    addressedString: () => normalized,
    structFields: () => [
      ['Version', version],
      ['normalizedVersion', normalized],
      ['Major', major],
      ['Minor', minor],
    ],
    plain: () => inOrder(fields),
  }
}

/** A released Helm knows its patch version and says that its sources were clean; one built from the module does not. */
function treeStateOf(version: string): string {
  return version.split('.').length > 2 ? 'clean' : ''
}

function helmVersionObject({ helmVersion: version, helmCompat }: Capabilities): GoObject {
  const treeState = treeStateOf(version)
  const { goVersion, kubeClientVersion } = helmFacts(helmCompat)
  const fields: Fields = [
    ['Version', version],
    ['GitCommit', ''],
    ['GitTreeState', treeState],
    ['GoVersion', goVersion],
    ...(kubeClientVersion === undefined ? [] : ([['KubeClientVersion', kubeClientVersion]] as const)),
  ]
  const json: Fields = [
    ['version', version],
    ...(treeState === '' ? [] : ([['git_tree_state', treeState]] as const)),
    ['go_version', goVersion],
    ...(kubeClientVersion === undefined ? [] : ([['kube_client_version', kubeClientVersion]] as const)),
  ]
  return {
    goType: 'version.BuildInfo',
    goKind: 'struct',
    ...reached(fields),
    structFields: () => fields,
    plain: () => inOrder(json),
  }
}

function versionSet(versions: readonly string[]): GoList {
  const has: GoFunction = { params: ['string'], call: (version: string) => versions.includes(version) }
  return withGoMethods(withGoType([...versions], 'common.VersionSet'), (name) => (name === 'Has' ? has : undefined))
}

/** `.Capabilities` as templates reach it: a Go pointer to a struct with fields `KubeVersion`, `APIVersions` and `HelmVersion`. */
export function capabilitiesObject(capabilities: Capabilities): GoObject {
  const fields: Fields = [
    ['KubeVersion', kubeVersionObject(capabilities.kubeVersion)],
    ['APIVersions', versionSet(capabilities.apiVersions)],
    ['HelmVersion', helmVersionObject(capabilities)],
  ]
  return { goType: '*common.Capabilities', goKind: 'ptr', ...reached(fields), structFields: () => fields, plain: () => inOrder(fields) }
}
