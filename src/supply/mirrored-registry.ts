import { DiagnosticError, withNote } from '../base/diagnostic.ts'
import { openRegistry, type Registry } from './oci-registry.ts'
import type { RegistryAccess } from './registry-auth.ts'
import type { RegistryPlace } from './registry-places/registry-place.ts'
import type { SupplyLine } from './remote-content.ts'

/**
 * The registry behind `access`, asked at the places that the settings name for each of its repositories: a place that does not
 * answer or does not have a thing gives way to the next one. User and password go to their own registry only.
 *
 * @throws (later) DiagnosticError as the registry, of the place that was asked last, with a note for each one before it
 */
export function openMirroredRegistry(line: SupplyLine, access: RegistryAccess): Registry {
  const { places } = line
  const origin = openRegistry(line, access)
  if (!places) return origin
  const opened = new Map<string, Registry>()
  const dead = new Set<string>()
  const open = (place: RegistryPlace): Registry => {
    const key = keyOf(place)
    const isOrigin = place.registry === access.registry
    const reached = { ...(isOrigin ? access : {}), registry: place.registry, ...(place.trust && { trust: place.trust }) }
    const plainHttp = place.plainHttp || (isOrigin && access.plainHttp === true)
    const registry = opened.get(key) ?? openRegistry(line, { ...reached, ...(plainHttp && { plainHttp }) }, place)
    opened.set(key, registry)
    return registry
  }
  const ask = async <T>(repository: string, what: 'tags' | 'digests', question: (registry: Registry, name: string) => Promise<T>): Promise<T> => {
    const able = places({ registry: access.registry, repository }).filter((place) => place[what])
    // Nothing new is to be had from one that was not there, unless it is the last.
    const asked = able.filter((place, i) => i === able.length - 1 || !dead.has(keyOf(place)))
    const failures: DiagnosticError[] = []
    for (const place of asked) {
      try {
        return await question(open(place), place.repository)
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error
        if (error.diagnostics[0]?.code === 'supply/unreachable') dead.add(keyOf(place))
        failures.push(error)
      }
    }
    const last = failures.pop()
    if (last === undefined) return question(origin, repository)
    throw failures.reduce<unknown>((error, { diagnostics }) => withNote(error, { text: `before that: ${diagnostics[0]?.summary}` }), last)
  }
  return {
    ping: () => ask('', 'tags', (registry) => registry.ping()),
    tags: (repository) => ask(repository, 'tags', (registry, name) => registry.tags(name)),
    manifest: (repository, reference) =>
      ask(repository, reference.includes(':') ? 'digests' : 'tags', (registry, name) => registry.manifest(name, reference)),
    blob: (repository, digest) => ask(repository, 'digests', (registry, name) => registry.blob(name, digest)),
  }
}

function keyOf({ registry, plainHttp, root }: RegistryPlace): string {
  return `${plainHttp ? 'http' : 'https'}://${registry}${root}`
}
