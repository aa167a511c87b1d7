import type { Host } from '../../base/host.ts'
import { placesOfDocker } from './daemon-json.ts'
import { placesOfFolder } from './hosts-toml.ts'
import { badConfig } from './read-config.ts'
import { placesOfRegistriesConf } from './registries-conf.ts'
import type { RegistryPlaces } from './registry-place.ts'

/**
 * Where `path` says that registries are to be found: containerd's folder of `hosts.toml` files, a `registries.conf` of Podman and
 * Skopeo (version 2), or Docker's `daemon.json`.
 *
 * @throws (later) DiagnosticError `supply/bad-config`, `supply/not-allowed`
 * Source: containerd 2.1 docs/hosts.md, core/remotes/docker/config/hosts.go; containers-registries.conf(5); Docker's daemon reference
 */
export function registryPlaces(host: Host, path: string): RegistryPlaces {
  const kind = host.fs.stat(path)?.kind
  if (kind === undefined) throw badConfig(path, 'does not exist')
  if (kind === 'directory') return (name) => placesOfFolder(host, path, name)
  return path.endsWith('.json') ? placesOfDocker(host, path) : placesOfRegistriesConf(host, path)
}
