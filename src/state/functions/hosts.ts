import { lookup } from 'node:dns/promises'
import type { Host } from '../../base/host.ts'
import { GoError, type GoFunction } from '../../go/values.ts'
import { fixed } from '../../template/functions/signature.ts'
import { fetchedSecrets, NeedsFetching } from '../fetched-secrets.ts'

/** `getHostByName`: the first address of a host, asked for once in a run. Source: sprig 3.3.0 network.go, which takes one at random */
export function hostFunctions(host: Host): readonly (readonly [string, GoFunction])[] {
  return [['getHostByName', fixed(['string'], (name: string) => addressOf(host, name))]]
}

function addressOf(host: Host, name: string): string {
  const key = `host ${name}`
  const known = fetchedSecrets(host).get(key)
  if (typeof known === 'string') return known
  throw new NeedsFetching(key, `the address of ${name}`, () => resolved(name))
}

async function resolved(name: string): Promise<string> {
  try {
    return (await lookup(name)).address
  } catch (error) {
    throw new GoError(`lookup ${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
