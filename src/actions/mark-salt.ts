import { scrypt } from 'node:crypto'
import type { Host } from '../base/host.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { type KubeClient, KubeError } from '../kube/client.ts'
import type { Plan } from '../plan/plan.ts'
import type { Clusters } from './clusters.ts'

/** About a thirtieth of a second, for plans with something to hide. */
const COST = { N: 2 ** 14, r: 8, p: 1 }
const BYTES = 16

/**
 * The salt for marks of hidden values: the same for the same plan, so that what is printed is the same each time, and nobody's
 * to guess who sees no more than that. It is made of the clusters' identities, which are random, and of all secrets of the plan
 * together. Where a cluster does not tell its identity it is random.
 */
export async function markSalt(host: Host, plan: Plan, clusters: Clusters, secrets: readonly string[]): Promise<string> {
  const touched = plan.releases.filter(({ action }) => action !== 'none')
  const objects = touched.flatMap(({ changes }) => changes.filter(({ secret, action }) => secret && action !== 'none'))
  const random = Buffer.from(host.randomBytes(BYTES)).toString('hex')
  if (secrets.length === 0 && objects.length === 0) return random
  const identities = await Promise.all(
    [...new Set(touched.map(({ kubeContext }) => kubeContext))].map(async (context) => identity(await clusters.clientFor(context))),
  )
  if (identities.includes(undefined)) return random
  const values = objects.map(({ before, after }) => [contents(before), contents(after)])
  return derived(JSON.stringify([[...new Set(secrets)].sort(), values]), JSON.stringify(identities))
}

async function identity(client: KubeClient): Promise<string | undefined> {
  try {
    return (await client.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' }))?.metadata.uid
  } catch (error) {
    if (error instanceof KubeError) return undefined
    throw error
  }
}

function contents(object: KubeObject | undefined): unknown {
  return [object?.['data'], object?.['stringData']]
}

function derived(material: string, identities: string): Promise<string> {
  return new Promise((resolve, reject) => {
    scrypt(material, identities, BYTES, COST, (error, key) => (error ? reject(error) : resolve(key.toString('hex'))))
  })
}
