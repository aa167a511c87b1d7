import type { Host } from '../base/host.ts'
import { sprint } from '../go/printf.ts'
import { GoInt, type GoValue } from '../go/values.ts'

/** Told of secrets: texts, and numbers as printed. */
export type OnSecrets = (values: readonly string[]) => void

const listeners = new WeakMap<Host, OnSecrets>()

/** A copy of `host` whose run tells `onSecrets` of everything that is decrypted or fetched, as soon as it is. */
export function withSecretLog(host: Host, onSecrets: OnSecrets | undefined): Host {
  const copy = { ...host }
  if (onSecrets) listeners.set(copy, onSecrets)
  return copy
}

/** `moved` tells whom `host` tells: they are the same machine in the same run. */
export function shareSecretLog(host: Host, moved: Host): void {
  const listener = listeners.get(host)
  if (listener) listeners.set(moved, listener)
}

/** Tells of the texts and numbers in `value`; booleans and nulls tell nothing and would mask everything. */
export function noteSecret(host: Host, value: GoValue): void {
  const listener = listeners.get(host)
  const leaves = listener ? leavesOf(value) : []
  if (leaves.length > 0) listener?.(leaves)
}

function leavesOf(value: GoValue): string[] {
  if (Array.isArray(value)) return value.flatMap(leavesOf)
  if (value instanceof Map) return [...value.values()].flatMap(leavesOf)
  if (typeof value === 'number' || value instanceof GoInt) return [sprint([value])]
  return typeof value === 'string' && value !== '' ? [value] : []
}
