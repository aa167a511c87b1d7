import type { Host } from '../base/host.ts'
import { sprint } from '../go/printf.ts'
import { GoInt, type GoValue } from '../go/values.ts'

const logs = new WeakMap<Host, Set<string>>()

/** A copy of `host` whose run keeps account of every secret that is decrypted or fetched, from nothing on. */
export function withSecretLog(host: Host): Host {
  const copy = { ...host }
  logs.set(copy, new Set())
  return copy
}

/** `moved` writes into the account of `host`: they are the same machine in the same run. */
export function shareSecretLog(host: Host, moved: Host): void {
  const log = logs.get(host)
  if (log) logs.set(moved, log)
}

/** Notes the texts and numbers in `value`; booleans and nulls tell nothing and would mask everything. */
export function noteSecret(host: Host, value: GoValue): void {
  const log = logs.get(host)
  if (log) noteLeaves(log, value)
}

function noteLeaves(log: Set<string>, value: GoValue): void {
  if (Array.isArray(value)) for (const item of value) noteLeaves(log, item)
  else if (value instanceof Map) for (const item of value.values()) noteLeaves(log, item)
  else if (typeof value === 'number' || value instanceof GoInt) log.add(sprint([value]))
  else if (typeof value === 'string' && value !== '') log.add(value)
}

/** Everything noted so far, as printed. */
export function notedSecrets(host: Host): readonly string[] {
  return [...(logs.get(host) ?? [])]
}
