import { failure } from '../base/diagnostic.ts'
import { normalDigest } from './digest.ts'

/** An artifact of an OCI registry. */
export interface OciReference {
  /** `host` or `host:port`. */
  readonly registry: string
  /** Path inside the registry. */
  readonly repository: string
  /** As written; `+` where tags have to write `_`. */
  readonly tag?: string
  /** `sha256:<hex>`. */
  readonly digest?: string
}

const OCI = 'oci://'
const REGISTRY = /^(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?$/
const REPOSITORY_PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/

/** True for `oci://…`. */
export function isOciUrl(text: string): boolean {
  return text.startsWith(OCI)
}

/**
 * Reads `oci://host/path[:tag][@digest]`; the scheme may be missing, as in the URLs of repositories with `oci: true`.
 *
 * @throws DiagnosticError `supply/bad-reference`
 * Source: Helm 4.3.1 pkg/registry/reference.go; OCI distribution specification, pulling manifests
 */
export function parseOciReference(text: string): OciReference {
  const bare = text.startsWith(OCI) ? text.slice(OCI.length) : text
  const at = bare.lastIndexOf('@')
  const named = at < 0 ? bare : bare.slice(0, at)
  const digest = at < 0 ? undefined : digestIn(bare.slice(at + 1), text)
  const slash = named.indexOf('/')
  const colon = named.lastIndexOf(':')
  const hasTag = slash >= 0 && colon > named.lastIndexOf('/')
  const path = slash < 0 ? '' : named.slice(slash + 1, hasTag ? colon : undefined)
  const registry = slash < 0 ? named : named.slice(0, slash)
  const repository = path.replace(/\/+$/, '')
  if (!REGISTRY.test(registry) || !repository.split('/').every((part) => REPOSITORY_PART.test(part))) throw badReference(text)
  return { registry, repository, ...(hasTag ? { tag: named.slice(colon + 1) } : {}), ...(digest ? { digest } : {}) }
}

function digestIn(text: string, reference: string): string {
  const digest = text.includes(':') ? normalDigest(text) : undefined
  if (digest === undefined) throw badReference(reference)
  return digest
}

function badReference(text: string): Error {
  return failure('supply/bad-reference', `"${text}" is no reference to a chart in a registry`, {
    hint: 'write oci://host/path, with :version or @sha256:digest where needed',
  })
}

/** A tag as registries keep it. Source: Helm 4.3.1 pkg/registry/reference.go */
export function tagOf(version: string): string {
  return version.replaceAll('+', '_')
}

/** `oci://host/path` without tag and digest. */
export function ociUrl({ registry, repository }: OciReference): string {
  return `${OCI}${registry}/${repository}`
}
