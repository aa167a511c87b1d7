import type { Trust } from '../fetcher.ts'

/** A server that is asked for what a registry holds: a mirror, or the registry under another address. */
export interface RegistryPlace {
  /** `host` or `host:port`. */
  readonly registry: string
  readonly plainHttp: boolean
  /** Where the API begins: `/v2/`. */
  readonly root: string
  /** What the repository is called there. */
  readonly repository: string
  readonly trust?: Trust
  readonly headers?: Readonly<Record<string, string>>
  /** The registry it stands for, which mirrors of several want to be told. */
  readonly namespace?: string
  /** Whether it may be asked what a tag means, and for contents by digest. */
  readonly tags: boolean
  readonly digests: boolean
}

/** A repository of a registry. */
export interface RepositoryName {
  readonly registry: string
  readonly repository: string
}

/**
 * The servers that hold a repository, in the order in which they are asked; empty when nothing is said of its registry.
 * @throws DiagnosticError `supply/not-allowed` for what is blocked, `supply/bad-config`
 */
export type RegistryPlaces = (name: RepositoryName) => readonly RegistryPlace[]

/** Where the API of a registry begins. */
export const API = '/v2/'

/** The registry of `name` under its own address. */
export function itself({ registry, repository }: RepositoryName): RegistryPlace {
  return { registry, repository, plainHttp: false, root: API, tags: true, digests: true }
}
