import type { KubeClient } from '../../src/kube/client.ts'

const WRITES = ['create', 'replace', 'patch', 'apply', 'delete'] as const

/** A client whose process dies at one of its writes. */
export interface DyingClient {
  readonly client: KubeClient
  /** True when it came to that. */
  isDead(): boolean
}

/**
 * `client` as a process sees it that is killed when it has sent `writes` writes and is about to send the next: that one and
 * everything after it never reaches the server.
 */
export function dyingClient(client: KubeClient, writes: number): DyingClient {
  let left = writes
  let dead = false
  const guarded =
    (name: PropertyKey, method: (...args: unknown[]) => unknown) =>
    async (...args: unknown[]): Promise<unknown> => {
      const isWrite =
        (WRITES as readonly PropertyKey[]).includes(name) && !args.some((arg) => (arg as { readonly dryRun?: boolean } | undefined)?.dryRun)
      if (isWrite && left-- <= 0) dead = true
      if (dead) throw new Error('killed')
      return method.apply(client, args)
    }
  const proxy = new Proxy(client, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      // A watch is a stream, which ends by its signal; nothing is written by it.
      return typeof value === 'function' && name !== 'watch' ? guarded(name, value as (...args: unknown[]) => unknown) : value
    },
  })
  return { client: proxy, isDead: () => dead }
}
