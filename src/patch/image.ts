/** What is to become of an image; empty texts leave that part. */
export interface ImageChange {
  /** The name of images that are meant, without tag and digest. */
  readonly name: string
  readonly newName: string
  readonly newTag: string
  readonly digest: string
  readonly tagSuffix: string
}

/**
 * `image` with another name, tag or digest; undefined when it is not the one that is meant.
 * Source: sigs.k8s.io/kustomize/api 0.21.1 filters/imagetag, internal/image
 */
export function imageWith(image: string, { name, newName, newTag, digest, tagSuffix }: ImageChange): string | undefined {
  const old = split(image)
  if (old.name !== name) return undefined
  const base = newName || old.name
  if (newTag || digest) return `${base}${newTag ? `:${newTag}` : ''}${digest ? `@${digest}` : ''}`
  if (tagSuffix) return `${base}:${old.tag}${tagSuffix}`
  return `${base}${old.tag ? `:${old.tag}` : ''}${old.digest ? `@${old.digest}` : ''}`
}

function split(image: string): { readonly name: string; readonly tag: string; readonly digest: string } {
  const at = image.indexOf('@')
  const rest = at < 0 ? image : image.slice(0, at)
  const digest = at < 0 ? '' : image.slice(at + 1)
  const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1)
  return colon < 0 ? { name: rest, tag: '', digest } : { name: rest.slice(0, colon), tag: rest.slice(colon + 1), digest }
}
