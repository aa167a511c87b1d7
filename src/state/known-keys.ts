import { always, anything, decimal, type FieldsOf, field, flag, listOf, mapOf, optional, type StructShape, text, whole } from './shape.ts'
import type {
  DependencySpec,
  EnvironmentSpec,
  HelmDefaultsSpec,
  HookSpec,
  InheritSpec,
  LlmSpec,
  MissingFileHandlerConfig,
  NestedSpec,
  ReleaseSpec,
  RepositorySpec,
  SetSpec,
  StateSpec,
  TrackedResourceSpec,
} from './spec.ts'

/** What a sub-helmfile may take over from its parent. */
const INHERITABLE: readonly string[] = ['repositories', 'helmDefaults', 'commonLabels', 'apiVersions', 'kubeVersion', 'templates', 'environments']

function struct<T>(goType: string, fields: FieldsOf<T>, extra: Pick<StructShape, 'shorthand' | 'check' | 'printed'> = {}): StructShape {
  return { kind: 'struct', goType, fields, ...extra }
}

const texts = listOf(text)
const anythings = listOf(anything)
const textMap = mapOf(text)
const maybeFlag = field(optional(flag))
const maybeWhole = field(optional(whole))
const maybeText = field(optional(text))

const missingFileHandlerConfigShape = struct<MissingFileHandlerConfig>('state.MissingFileHandlerConfig', {
  ignoreMissingGitBranch: field(flag),
})

const llmShape = struct<LlmSpec>('llm.Config', {
  baseURL: field(text),
  apiKey: field(text),
  model: field(text),
  timeout: field(text),
  maxTokens: field(whole),
  temperature: field(decimal),
})

const environmentShape: StructShape = struct<EnvironmentSpec>('state.EnvironmentSpec', {
  values: field(anythings),
  secrets: field(texts),
  kubeContext: field(text),
  missingFileHandler: maybeText,
  missingFileHandlerConfig: field(optional(missingFileHandlerConfigShape)),
  mergeStrategy: field(text),
})

function checkNested(value: NestedSpec): string | undefined {
  const { path = '', selectors, selectorsInherited, inherits } = value
  if (selectors && path === '') return `found 'selectors' definition without path: [${selectors.join(' ')}]`
  if (selectorsInherited && selectors && selectors.length > 0)
    return `you cannot use 'SelectorsInherited: true' along with and explicit selector for path: ${path}`
  if (inherits && inherits.length > 0 && path === '') return `found 'inherits' definition without path: [${inherits.join(' ')}]`
  const wrong = inherits?.find((key) => !INHERITABLE.includes(key))
  if (wrong !== undefined) return `invalid inherits entry "${wrong}" for path "${path}": allowed values are [${INHERITABLE.join(' ')}]`
  return undefined
}

const nestedShape: StructShape = struct<NestedSpec>(
  'state.SubHelmfileSpec',
  { path: field(text), selectors: field(texts), selectorsInherited: field(flag), inherits: field(texts), values: field(anythings) },
  { shorthand: 'path', check: checkNested },
)

const repositoryShape = struct<RepositorySpec>('state.RepositorySpec', {
  name: field(text),
  url: field(text),
  caFile: field(text),
  certFile: field(text),
  keyFile: field(text),
  username: field(text),
  password: field(text),
  registryConfig: field(text),
  managed: field(text),
  oci: field(flag),
  verify: field(flag),
  keyring: field(text),
  passCredentials: field(flag),
  skipTLSVerify: field(flag),
  plainHttp: field(flag),
})

const hookShape = struct<HookSpec>('event.Hook', {
  name: always(text),
  events: always(texts),
  command: always(text),
  kubectlApply: field(textMap),
  args: always(texts),
  showlogs: always(flag),
})

const inheritShape = struct<InheritSpec>('state.Inherit', { template: field(text), except: field(texts) })

const setShape = struct<SetSpec>('state.SetValue', { name: field(text), value: field(text), file: field(text), values: field(anythings) })

const dependencyShape = struct<DependencySpec>('state.Dependency', { chart: always(text), version: always(text), alias: always(text) })

const trackedResourceShape = struct<TrackedResourceSpec>('state.TrackResourceSpec', { kind: field(text), name: field(text), namespace: field(text) })

export const helmDefaultsShape: StructShape = struct<HelmDefaultsSpec>('state.HelmSpec', {
  kubeContext: field(text),
  args: field(texts),
  diffArgs: field(texts),
  syncArgs: field(texts),
  templateArgs: field(texts),
  verify: always(flag),
  keyring: field(text),
  enableDNS: always(flag),
  skipSchemaValidation: maybeFlag,
  devel: always(flag),
  wait: always(flag),
  waitRetries: always(whole),
  waitForJobs: always(flag),
  timeout: always(whole),
  recreatePods: always(flag),
  force: always(flag),
  atomic: always(flag),
  rollbackOnFailure: always(flag),
  cleanupOnFail: field(flag),
  forceConflicts: always(flag),
  historyMax: maybeWhole,
  createNamespace: maybeFlag,
  skipCRDs: field(flag),
  skipDeps: always(flag),
  skipRefresh: always(flag),
  resolveOCIVersions: maybeFlag,
  reuseValues: always(flag),
  postRenderer: maybeText,
  postRendererArgs: field(texts),
  cascade: maybeText,
  suppressOutputLineRegex: field(texts),
  disableAutoDetectedKubeVersionForDiff: maybeFlag,
  disableValidation: maybeFlag,
  disableOpenAPIValidation: maybeFlag,
  insecureSkipTLSVerify: field(flag),
  plainHttp: field(flag),
  deleteWait: field(flag),
  deleteTimeout: field(whole),
  syncReleaseLabels: maybeFlag,
  takeOwnership: maybeFlag,
  serverSide: maybeText,
  trackMode: field(text),
  helmStuckGrace: field(whole),
})

export const releaseShape: StructShape = struct<ReleaseSpec>('state.ReleaseSpec', {
  chart: field(text),
  chartPath: field(text),
  directory: field(text),
  version: field(text),
  verify: maybeFlag,
  keyring: field(text),
  enableDNS: maybeFlag,
  devel: maybeFlag,
  wait: maybeFlag,
  waitRetries: maybeWhole,
  waitForJobs: maybeFlag,
  timeout: maybeWhole,
  recreatePods: maybeFlag,
  force: maybeFlag,
  installed: maybeFlag,
  updateStrategy: field(text),
  atomic: maybeFlag,
  rollbackOnFailure: maybeFlag,
  cleanupOnFail: maybeFlag,
  forceConflicts: maybeFlag,
  historyMax: maybeWhole,
  condition: field(text),
  createNamespace: maybeFlag,
  reuseValues: maybeFlag,
  disableOpenAPIValidation: maybeFlag,
  disableValidation: maybeFlag,
  disableValidationOnInstall: maybeFlag,
  missingFileHandler: maybeText,
  missingFileHandlerConfig: field(optional(missingFileHandlerConfigShape)),
  needs: field(texts),
  hooks: field(listOf(hookShape)),
  unitTests: field(texts),
  name: field(text),
  description: field(text),
  namespace: field(text),
  labels: field(textMap),
  values: field(anythings),
  secrets: field(anythings),
  set: field(listOf(setShape)),
  setString: field(listOf(setShape)),
  valuesTemplate: field(anythings),
  setTemplate: field(listOf(setShape)),
  apiVersions: field(texts),
  kubeVersion: field(text),
  env: field(listOf(setShape)),
  valuesPathPrefix: field(text),
  kubeContext: field(text),
  insecureSkipTLSVerify: field(flag),
  plainHttp: field(flag),
  verifyTemplate: maybeText,
  waitTemplate: maybeText,
  installedTemplate: maybeText,
  conditionTemplate: maybeText,
  dependencies: field(listOf(dependencyShape)),
  jsonPatches: field(anythings),
  strategicMergePatches: field(anythings),
  transformers: field(anythings),
  adopt: field(texts),
  forceGoGetter: field(flag),
  forceNamespace: field(text),
  skipDeps: maybeFlag,
  skipRefresh: maybeFlag,
  resolveOCIVersions: maybeFlag,
  postRenderer: maybeText,
  skipSchemaValidation: maybeFlag,
  postRendererArgs: field(texts),
  cascade: maybeText,
  suppressOutputLineRegex: field(texts),
  disableAutoDetectedKubeVersionForDiff: maybeFlag,
  inherit: field({ kind: 'list', of: inheritShape, orSingle: true }),
  suppressDiff: maybeFlag,
  deleteWait: maybeFlag,
  deleteTimeout: maybeWhole,
  syncReleaseLabels: maybeFlag,
  takeOwnership: maybeFlag,
  serverSide: maybeText,
  trackMode: field(text),
  trackTimeout: maybeWhole,
  trackLogs: maybeFlag,
  trackFailedLogs: maybeFlag,
  helmStuckGrace: maybeWhole,
  trackKinds: field(texts),
  skipKinds: field(texts),
  trackResources: field(listOf(trackedResourceShape)),
  kubedogQPS: field(optional(decimal)),
  kubedogBurst: maybeWhole,
  trackFailOnError: maybeFlag,
})

/** The root of a state file. */
export const stateShape: StructShape = struct<StateSpec>(
  'state.HelmState',
  {
    helmBinary: field(text),
    kustomizeBinary: field(text),
    values: field(anythings),
    environments: field(mapOf(environmentShape)),
    bases: field(texts),
    helmDefaults: field(helmDefaultsShape),
    helmfiles: field(listOf(nestedShape)),
    kubeContext: field(text),
    namespace: field(text),
    chart: field(text),
    repositories: field(listOf(repositoryShape)),
    commonLabels: field(textMap),
    releases: field(listOf(releaseShape)),
    llm: field(llmShape),
    apiVersions: field(texts),
    kubeVersion: field(text),
    hooks: field(listOf(hookShape)),
    templates: always(mapOf(releaseShape)),
    defaultInherit: field({ kind: 'list', of: text, orSingle: true, trimmed: true }),
    missingFileHandler: maybeText,
    missingFileHandlerConfig: field(optional(missingFileHandlerConfigShape)),
    lockFilePath: field(text),
  },
  { printed: ['filepath', 'renderedvalues'] },
)
