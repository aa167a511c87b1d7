import type { Diagnostic } from '../base/diagnostic.ts'
import type { RemoteFileSettings } from '../supply/remote-files.ts'
import type { ReadClusterData } from './cluster-data.ts'

/**
 * Which releases a run is about. `planned`: those that selectors and conditions choose, in the order their needs give, checked
 * against the needs options (template, diff, sync, apply, destroy). `matching`: those that selectors choose, in file order
 * (list, build, show-dag, write-values).
 */
export type Selection = 'planned' | 'matching'

/** What a person asks of state files; everything absent means the option was not given. */
export interface StateRequest {
  /** `--file`: a file, a folder, or `-` for standard input. */
  readonly file?: string
  /** Text of standard input, read when `file` is `-`. */
  readonly stdin?: () => string
  /** `--environment`; `default` when absent. */
  readonly environment?: string
  /** `--selector`, one entry per option. */
  readonly selectors?: readonly string[]
  readonly namespace?: string
  readonly kubeContext?: string
  readonly chart?: string
  /** Each `--state-values-set` as typed. */
  readonly stateValuesSet?: readonly string[]
  /** Each `--state-values-set-string` as typed. */
  readonly stateValuesSetString?: readonly string[]
  readonly stateValuesFiles?: readonly string[]
  /** `--values`: values files on top of each release's own, seen from the state file's folder. */
  readonly values?: readonly string[]
  /** `--set`, one entry per option. */
  readonly set?: readonly string[]
  /** `--args`: more options for Helm. */
  readonly args?: string
  /** `--sync-args`: options for writing, in the place of helmDefaults.syncArgs; absent where nothing is written or compared. */
  readonly syncArgs?: string
  /** `--post-renderer` and its arguments, for releases that name none themselves. */
  readonly postRenderer?: string
  readonly postRendererArgs?: readonly string[]
  /** `--helm-binary`: what state files and templates see as the name of Helm. */
  readonly helmBinary?: string
  readonly kustomizeBinary?: string
  /** `--template-args`: more options for rendering, in the place of helmDefaults.templateArgs. */
  readonly templateArgs?: string
  /** `--sync-release-labels`: labels of releases go into their records too. */
  readonly syncReleaseLabels?: boolean
  /** `planned` when absent. */
  readonly selection?: Selection
  /** True when absent, unless needs are to be included. */
  readonly skipNeeds?: boolean
  readonly includeNeeds?: boolean
  readonly includeTransitiveNeeds?: boolean
  readonly enforceNeedsAreInstalled?: boolean
  /** True makes it no error when no release is chosen. */
  readonly allowNoMatchingRelease?: boolean
  /** Refuse remote files that no lock names. */
  readonly locked?: boolean
  /** Take remote files as they were fetched before. */
  readonly skipRefresh?: boolean
  /** Take remote files as they are now, whatever a lock says. */
  readonly ignoreLocks?: boolean
  /** What settings say of remote files; asked when there are any. */
  readonly remoteSettings?: () => Promise<RemoteFileSettings>
  /** Needs may name releases of any file, and all files are one graph. Asked for when there are several files. */
  readonly oneGraph?: boolean | (() => Promise<boolean>)
  /** Files and releases in the opposite order: for removing. */
  readonly reverse?: boolean
  /** Told of every value that was secret before, as it would be printed, before anything is rendered with it. */
  readonly onSecrets?: (values: readonly string[]) => void
  /** Reads what references to Secrets and ConfigMaps of a cluster name. Absent: they are errors. */
  readonly clusterData?: ReadClusterData
  /** Told of everything that is odd but not wrong. */
  readonly warn?: (diagnostic: Diagnostic) => void
}

/** The name of the environment asked for. */
export function environmentName(request: StateRequest): string {
  return request.environment || DEFAULT_ENVIRONMENT
}

/** The environment a run is in when none is named. */
export const DEFAULT_ENVIRONMENT = 'default'
