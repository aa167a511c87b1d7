import type { Span } from '../base/source.ts'
import type { GoMap } from '../go/values.ts'
import type { RemoteFiles } from '../supply/remote-files.ts'
import type { Layer } from '../values/layer.ts'
import type { Environment } from './environment.ts'
import type { Alterations } from './release-alterations.ts'
import type { ValuesDocument } from './release-documents.ts'
import type { HelmDefaultsSpec, HookSpec, ReleaseSpec, StateSpec } from './spec.ts'

/**
 * What is asked for: the state files of one run, resolved for one environment. Files come in the order in which Helmfile
 * works on them; inside a file the releases' `needs` give the order.
 */
export interface State {
  readonly files: readonly StateFile[]
}

export interface StateFile {
  /** As a person would name it, relative to where the run started. */
  readonly name: string
  /** Folder that relative paths start from (absolute). */
  readonly baseDir: string
  /** Folder that paths of the command line start from while this file is worked on (absolute). */
  readonly workingDir: string
  readonly environment: string
  readonly kubeContext: string | undefined
  /** Merged environment values: `.Values` of state templates. */
  readonly values: GoMap
  readonly repositories: readonly Repository[]
  /** Every release of the file in its order, also those that conditions or selectors leave out. */
  readonly releases: readonly Release[]
  /** Those of `releases` that the run works on: in the order of their needs, or in file order where needs do not matter. */
  readonly selected: readonly Release[]
  readonly hooks: readonly ReleaseHook[]
  /** The state file as Helmfile names it: relative to its folder, or absolute where several files are worked on. */
  readonly filePath: string
  /** The merged file itself; its `releases` are as written. */
  readonly spec: StateSpec
  /** What the file names by URL. */
  readonly remote: RemoteFiles
  /** Flotilla's lock (absolute) of that; undefined where there can be none. */
  readonly pinsFile: string | undefined
  /** The environment's values layer by layer. */
  readonly environmentLayers: Environment
}

export interface Repository {
  readonly name: string
  readonly url: string
  readonly oci: boolean
  readonly username?: string
  readonly password?: string
  readonly [other: string]: unknown
}

/** What the charts of a file's releases are fetched with. */
export interface ChartSources {
  /** Folder that relative paths start from (absolute). */
  readonly baseDir: string
  readonly repositories: readonly Repository[]
  /** Helmfile's lock file (absolute), existing or not. */
  readonly lockFile: string
  /** Flotilla's locks (absolute), existing or not: the first that knows a chart decides. */
  readonly pinsFiles: readonly string[]
  readonly helmDefaults: HelmDefaultsSpec
}

/** One release, every expression evaluated, every inherited field resolved, defaults from `helmDefaults` applied. */
export interface Release {
  /** Canonical: `context/namespace/name` with empty parts left out; what `needs` resolve to and a plan refers to. */
  readonly id: string
  readonly name: string
  readonly namespace: string
  readonly kubeContext: string | undefined
  /** As written in the file. */
  readonly chart: string
  /** Absolute folder or archive when the chart is local (`./x`, `/x`, `file://…`), otherwise undefined. */
  readonly chartPath: string | undefined
  /** The chart's folder as Helmfile names it once it has prepared it; undefined where it prepares nothing. */
  readonly preparedChart: string | undefined
  readonly version: string | undefined
  /** Built-in ones included (`name`, `namespace`, `chart`), `commonLabels` merged. */
  readonly labels: Readonly<Record<string, string>>
  /** False when `condition` switches it off. */
  readonly enabled: boolean
  /** What `installed` says; false plans a removal. */
  readonly installed: boolean
  /** True when selectors and needs options choose it. */
  readonly selected: boolean
  /** Ids, canonical. */
  readonly needs: readonly string[]
  readonly options: ReleaseOptions
  readonly hooks: readonly ReleaseHook[]
  /** Reads, renders and decrypts this release's values files now, lowest layer first; nothing is read before this call. */
  readonly layers: () => Promise<readonly Layer[]>
  /** The release's values files and secrets as texts, before Helm reads them; for `write-values`. */
  readonly documents: () => Promise<readonly ValuesDocument[]>
  /** The resolved mapping with what its values files hold in the place of their names. */
  readonly embedded: () => Promise<ReleaseSpec>
  /** What it does to its chart and to what that renders. */
  readonly alterations: Alterations
  /** Where the release stands in the state file. */
  readonly at: Span | undefined
  /** Shared by the releases of a file; absent where a release comes from no file. */
  readonly sources?: ChartSources
  /** The resolved mapping behind all this. */
  readonly spec: ReleaseSpec
}

/** How a release is rendered, written and waited for; names are Helmfile's. Absent means Helm's default. */
export interface ReleaseOptions {
  readonly wait?: boolean
  readonly waitForJobs?: boolean
  /** With `wait`: as Helm 3 did, which Helm 4 does with `--wait=legacy`. */
  readonly legacyWait?: boolean
  /** Seconds. */
  readonly timeout?: number
  readonly atomic?: boolean
  readonly cleanupOnFail?: boolean
  readonly createNamespace?: boolean
  readonly force?: boolean
  readonly disableHooks?: boolean
  readonly skipCrds?: boolean
  readonly skipSchemaValidation?: boolean
  /** The release's labels, to be kept in its record too. */
  readonly recordLabels?: Readonly<Record<string, string>>
  readonly reuseValues?: boolean
  readonly resetValues?: boolean
  /** The values of the revision before under the new ones, over the new chart's. */
  readonly resetThenReuseValues?: boolean
  readonly historyMax?: number
  readonly description?: string
  readonly enableDns?: boolean
  readonly takeOwnership?: boolean
  /** Objects that may be taken over: `kind/name` or `namespace/kind/name`. */
  readonly adopt?: readonly string[]
  readonly keepHistory?: boolean
  readonly deleteWait?: boolean
  /** Seconds. */
  readonly deleteTimeout?: number
  readonly cascade?: 'background' | 'orphan' | 'foreground'
  readonly serverSide?: 'true' | 'false' | 'auto'
  readonly forceConflicts?: boolean
  readonly kubeVersion?: string
  readonly apiVersions?: readonly string[]
  readonly suppressDiff?: boolean
  /** Dependencies of local charts are not brought in. */
  readonly skipDeps?: boolean
  /** What `args` ask of rendering. */
  readonly includeCrds?: boolean
  readonly skipTests?: boolean
  readonly noHooks?: boolean
  readonly showOnly?: readonly string[]
}

/** A command that Helmfile runs around an event of a release or of the file. */
export interface ReleaseHook {
  readonly name: string
  readonly events: readonly string[]
  readonly command: string
  readonly args: readonly string[]
  readonly showLogs: boolean
  /** The hook as written, whose expressions are evaluated when the event comes. */
  readonly spec: HookSpec
}
