import type { GoMap, GoValue } from '../go/values.ts'

/** What tests say of the release. */
export interface ReleaseSettings {
  readonly name: string
  readonly namespace: string
  /** 0 where it is not said. */
  readonly revision: number
  readonly upgrade: boolean
}

/** What tests say of the cluster. */
export interface CapabilitySettings {
  readonly majorVersion: string
  readonly minorVersion: string
  readonly apiVersions: readonly string[]
}

/** Objects that `lookup` finds. */
export interface FakeCluster {
  /** Kinds there are, as `v1/Pod`; true for those in namespaces. */
  readonly scheme: ReadonlyMap<string, boolean>
  readonly objects: readonly GoMap[]
}

/** A program that changes what was rendered. */
export interface PostRenderCommand {
  readonly cmd: string
  readonly args: readonly string[]
}

/** Which documents an assertion is about: those where `path` leads to `value`. */
export interface DocumentSelector {
  readonly path: string
  /** Absent: `path` leads to anything. */
  readonly value: GoValue | undefined
  readonly matchMany: boolean
  readonly skipEmptyTemplates: boolean
}

export interface Assertion {
  /** Its key: `equal`, `isKind`. */
  readonly type: string
  readonly parameters: GoMap
  readonly not: boolean
  readonly template: string
  /** -1: all documents. */
  readonly documentIndex: number
  readonly documentSelector: DocumentSelector | undefined
}

/** What suites and tests may both say; a test's word counts. */
export interface CommonSettings {
  readonly values: readonly string[]
  readonly set: GoMap
  readonly templates: readonly string[]
  readonly release: ReleaseSettings
  readonly capabilities: CapabilitySettings
  readonly chart: { readonly version: string; readonly appVersion: string }
  readonly cluster: FakeCluster
  readonly postRenderer: PostRenderCommand | undefined
  /** Why it is passed over; empty: it is not. */
  readonly skip: string
}

export interface Test extends CommonSettings {
  readonly name: string
  readonly template: string
  readonly documentIndex: number | undefined
  readonly documentSelector: DocumentSelector | undefined
  readonly assertions: readonly Assertion[]
  /** False: those of the suite are not taken over either. */
  readonly takesApiVersions: boolean
}

export interface Suite extends CommonSettings {
  readonly name: string
  /** Absolute. */
  readonly file: string
  readonly excludeTemplates: readonly string[]
  readonly includeCrds: boolean
  /** Behind the name of its file of snapshots. */
  readonly snapshotId: string
  readonly tests: readonly Test[]
  /** `parent`, or `parent/charts/child` for the suites of a subchart. */
  readonly route: string
}
