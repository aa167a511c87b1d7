import type { Host } from '../../base/host.ts'
import { listOf, readJson, serverOf } from './read-config.ts'
import { API, itself, type RegistryPlaces } from './registry-place.ts'

const HUB = 'docker.io'

/** The mirrors of Docker Hub by Docker's `daemon.json` at `path`. @throws DiagnosticError `supply/bad-config` */
export function placesOfDocker(host: Host, path: string): RegistryPlaces {
  const mirrors = listOf(readJson(host, path)['registry-mirrors']).map((mirror) => serverOf(String(mirror), path))
  return ({ registry, repository }) => {
    if (registry !== HUB || mirrors.length === 0) return []
    const places = mirrors.map((mirror) => ({
      ...{ registry: mirror.host, repository, plainHttp: mirror.protocol === 'http:', tags: true, digests: true },
      root: `${mirror.pathname.replace(/\/+$/, '')}${API}`,
    }))
    return [...places, itself({ registry, repository })]
  }
}
