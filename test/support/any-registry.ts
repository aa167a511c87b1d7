import type { TestContext } from 'node:test'
import { type DockerRegistryAuth, startDockerRegistry, whyNoDockerRegistry } from './docker-registry.ts'
import { emptyRegistry, registryListener } from './registry-server.ts'
import { startWebServer } from './web-server.ts'

/** A registry that asks for this user: Debian's where it is installed, else the one of these tests; says which. @returns `host:port` */
export async function startAnyRegistry(t: TestContext, auth: DockerRegistryAuth): Promise<string> {
  const missing = whyNoDockerRegistry()
  t.diagnostic(missing ? `${missing}: the registry of the tests takes its place` : 'registry: docker-registry')
  if (!missing) return startDockerRegistry(t, auth)
  const { url } = await startWebServer(t, registryListener(emptyRegistry(), auth))
  return url.replace('http://', '')
}
