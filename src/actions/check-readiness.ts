import { join } from 'node:path'
import type { Host } from '../base/host.ts'
import { openCache } from '../supply/cache.ts'
import type { Clusters } from './clusters.ts'

/** One thing that was looked at. */
export interface Check {
  readonly what: 'programs' | 'cache' | 'cluster'
  readonly ok: boolean
  /** One line. */
  readonly text: string
}

function checkCache(host: Host): Check {
  const { folder } = openCache(host)
  const probe = join(folder, `probe-${Buffer.from(host.randomBytes(6)).toString('hex')}`)
  try {
    host.fs.writeFile(probe, '')
    host.fs.remove(probe)
    return { what: 'cache', ok: true, text: `charts are kept in ${folder}` }
  } catch (error) {
    return { what: 'cache', ok: false, text: `charts cannot be kept in ${folder}: ${(error as Error).message}` }
  }
}

async function checkCluster(clusters: Clusters): Promise<Check> {
  try {
    const { gitVersion } = await (await clusters.clientFor(undefined)).version()
    return { what: 'cluster', ok: true, text: `the cluster answers: Kubernetes ${gitVersion}` }
  } catch (error) {
    return { what: 'cluster', ok: false, text: `no cluster answers: ${(error as Error).message.split('\n')[0]}` }
  }
}

/**
 * Looks at what a run needs: nothing has to be installed, charts must be kept somewhere, and commands that write need a cluster.
 *
 * Source: Helmfile 1.8 pkg/app/init.go, which installs Helm and its plugins
 */
export async function checkReadiness(host: Host, clusters: Clusters): Promise<readonly Check[]> {
  const programs: Check = { what: 'programs', ok: true, text: 'nothing has to be installed: no helm, no plugins' }
  return [programs, checkCache(host), await checkCluster(clusters)]
}
