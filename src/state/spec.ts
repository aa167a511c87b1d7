import type { Span } from '../base/source.ts'
import type { GoValue } from '../go/values.ts'
import type { YamlNode } from '../yaml/node.ts'

/**
 * The mappings of a state file as decoded, before anything is resolved. Names are the file's keys; absent means Go's zero
 * value. What each key means is told in Helmfile's documentation. Source: Helmfile 1.8 pkg/state/state.go
 */
export interface StateSpec {
  readonly helmBinary?: string
  readonly kustomizeBinary?: string
  readonly values?: readonly GoValue[]
  readonly environments?: ReadonlyMap<string, EnvironmentSpec>
  readonly bases?: readonly string[]
  readonly helmDefaults?: HelmDefaultsSpec
  readonly helmfiles?: readonly NestedSpec[]
  readonly kubeContext?: string
  readonly namespace?: string
  readonly chart?: string
  readonly repositories?: readonly RepositorySpec[]
  readonly commonLabels?: ReadonlyMap<string, string>
  readonly releases?: readonly ReleaseSpec[]
  readonly llm?: LlmSpec
  readonly apiVersions?: readonly string[]
  readonly kubeVersion?: string
  readonly hooks?: readonly HookSpec[]
  readonly templates?: ReadonlyMap<string, ReleaseSpec>
  readonly defaultInherit?: readonly string[]
  readonly missingFileHandler?: string
  readonly missingFileHandlerConfig?: MissingFileHandlerConfig
  readonly lockFilePath?: string
}

export interface MissingFileHandlerConfig {
  readonly ignoreMissingGitBranch?: boolean
}

export interface LlmSpec {
  readonly baseURL?: string
  readonly apiKey?: string
  readonly model?: string
  readonly timeout?: string
  readonly maxTokens?: number
  readonly temperature?: number
}

export interface EnvironmentSpec {
  readonly values?: readonly GoValue[]
  readonly secrets?: readonly string[]
  readonly kubeContext?: string
  readonly missingFileHandler?: string
  readonly missingFileHandlerConfig?: MissingFileHandlerConfig
  readonly mergeStrategy?: string
}

export interface NestedSpec {
  readonly path?: string
  readonly selectors?: readonly string[]
  readonly selectorsInherited?: boolean
  readonly inherits?: readonly string[]
  readonly values?: readonly GoValue[]
}

export interface RepositorySpec {
  readonly name?: string
  readonly url?: string
  readonly caFile?: string
  readonly certFile?: string
  readonly keyFile?: string
  readonly username?: string
  readonly password?: string
  readonly registryConfig?: string
  readonly managed?: string
  readonly oci?: boolean
  readonly verify?: boolean
  readonly keyring?: string
  readonly passCredentials?: boolean
  readonly skipTLSVerify?: boolean
  readonly plainHttp?: boolean
}

export interface HookSpec {
  readonly name?: string
  readonly events?: readonly string[]
  readonly command?: string
  readonly kubectlApply?: ReadonlyMap<string, string>
  readonly args?: readonly string[]
  readonly showlogs?: boolean
}

export interface InheritSpec {
  readonly template?: string
  readonly except?: readonly string[]
}

export interface SetSpec {
  readonly name?: string
  readonly value?: string
  readonly file?: string
  readonly values?: readonly GoValue[]
}

export interface DependencySpec {
  readonly chart?: string
  readonly version?: string
  readonly alias?: string
}

export interface TrackedResourceSpec {
  readonly kind?: string
  readonly name?: string
  readonly namespace?: string
}

/** What helmDefaults and a release both know. */
interface SharedSpec {
  readonly kubeContext?: string
  readonly verify?: boolean
  readonly keyring?: string
  readonly enableDNS?: boolean
  readonly skipSchemaValidation?: boolean
  readonly devel?: boolean
  readonly wait?: boolean
  readonly waitRetries?: number
  readonly waitForJobs?: boolean
  readonly timeout?: number
  readonly recreatePods?: boolean
  readonly force?: boolean
  readonly atomic?: boolean
  readonly rollbackOnFailure?: boolean
  readonly cleanupOnFail?: boolean
  readonly forceConflicts?: boolean
  readonly historyMax?: number
  readonly createNamespace?: boolean
  readonly skipDeps?: boolean
  readonly skipRefresh?: boolean
  readonly resolveOCIVersions?: boolean
  readonly reuseValues?: boolean
  readonly postRenderer?: string
  readonly postRendererArgs?: readonly string[]
  readonly cascade?: string
  readonly suppressOutputLineRegex?: readonly string[]
  readonly disableAutoDetectedKubeVersionForDiff?: boolean
  readonly disableValidation?: boolean
  readonly disableOpenAPIValidation?: boolean
  readonly insecureSkipTLSVerify?: boolean
  readonly plainHttp?: boolean
  readonly deleteWait?: boolean
  readonly deleteTimeout?: number
  readonly syncReleaseLabels?: boolean
  readonly takeOwnership?: boolean
  readonly serverSide?: string
  readonly trackMode?: string
  readonly helmStuckGrace?: number
}

export interface HelmDefaultsSpec extends SharedSpec {
  readonly args?: readonly string[]
  readonly diffArgs?: readonly string[]
  readonly syncArgs?: readonly string[]
  readonly templateArgs?: readonly string[]
  readonly skipCRDs?: boolean
}

export interface ReleaseSpec extends SharedSpec {
  readonly chart?: string
  readonly chartPath?: string
  readonly directory?: string
  readonly version?: string
  readonly installed?: boolean
  readonly updateStrategy?: string
  readonly condition?: string
  readonly disableValidationOnInstall?: boolean
  readonly missingFileHandler?: string
  readonly missingFileHandlerConfig?: MissingFileHandlerConfig
  readonly needs?: readonly string[]
  readonly hooks?: readonly HookSpec[]
  readonly unitTests?: readonly string[]
  readonly name?: string
  readonly description?: string
  readonly namespace?: string
  readonly labels?: ReadonlyMap<string, string>
  readonly values?: readonly GoValue[]
  readonly secrets?: readonly GoValue[]
  readonly set?: readonly SetSpec[]
  readonly setString?: readonly SetSpec[]
  readonly valuesTemplate?: readonly GoValue[]
  readonly setTemplate?: readonly SetSpec[]
  readonly apiVersions?: readonly string[]
  readonly kubeVersion?: string
  readonly env?: readonly SetSpec[]
  readonly valuesPathPrefix?: string
  readonly verifyTemplate?: string
  readonly waitTemplate?: string
  readonly installedTemplate?: string
  readonly conditionTemplate?: string
  readonly dependencies?: readonly DependencySpec[]
  readonly jsonPatches?: readonly GoValue[]
  readonly strategicMergePatches?: readonly GoValue[]
  readonly transformers?: readonly GoValue[]
  readonly adopt?: readonly string[]
  readonly forceGoGetter?: boolean
  readonly forceNamespace?: string
  readonly inherit?: readonly InheritSpec[]
  readonly suppressDiff?: boolean
  readonly trackTimeout?: number
  readonly trackLogs?: boolean
  readonly trackFailedLogs?: boolean
  readonly trackKinds?: readonly string[]
  readonly skipKinds?: readonly string[]
  readonly trackResources?: readonly TrackedResourceSpec[]
  readonly kubedogQPS?: number
  readonly kubedogBurst?: number
  readonly trackFailOnError?: boolean
}

/** Where a decoded mapping or list stands in its file; kept beside the data, so that merging and copying stay simple. */
const places = new WeakMap<object, Span>()

/** Remembers where `value` was written. */
export function setPlace(value: object, at: Span): void {
  places.set(value, at)
}

/** Where `value` was written, when it came out of a file as it is. */
export function placeOfSpec(value: object | undefined): Span | undefined {
  return value && places.get(value)
}

/** Where `value` was written, as the option of a diagnostic. */
export function whereOf(value: object | undefined): { readonly at?: Span } {
  const at = placeOfSpec(value)
  return at ? { at } : {}
}

const nodes = new WeakMap<object, YamlNode>()

/** Remembers the node that a tree of values was decoded from. */
export function setNode(value: object, node: YamlNode): void {
  nodes.set(value, node)
}

/** The node that a tree of values was decoded from, when it came out of a file as it is. */
export function nodeOfValue(value: object): YamlNode | undefined {
  return nodes.get(value)
}
