import type { KubeObject } from '../../kinds/kube-object.ts'
import type { ObjectChange } from '../plan.ts'
import { keyLines } from './yaml-lines.ts'

/** One object that goes and one that comes and holds much the same. */
export interface Rename {
  readonly from: ObjectChange
  readonly to: ObjectChange
}

/** The part of their lines that two objects must share. */
const ALIKE = 0.6
/** So many pairs are compared; of the others each stands for itself. */
const MAX_PAIRS = 2500

/**
 * Objects among `changes` of one release that seem to be one under a new name: of one kind and namespace, and most alike.
 * They are deleted and created all the same.
 */
export function findRenames(changes: readonly ObjectChange[]): readonly Rename[] {
  const gone = changes.filter(({ action, origin, before }) => action === 'delete' && origin !== 'crd' && before)
  const come = changes.filter(({ action, origin, after }) => action === 'create' && origin !== 'crd' && after)
  if (gone.length * come.length > MAX_PAIRS) return []
  const lines = new Map([...gone, ...come].map((change) => [change, linesOf(change)]))
  const pairs = gone.flatMap((from) =>
    come.filter((to) => isSamePlace(from, to)).map((to) => ({ from, to, alike: likeness(lines.get(from) ?? [], lines.get(to) ?? []) })),
  )
  const taken = new Set<ObjectChange>()
  return pairs
    .filter(({ alike }) => alike >= ALIKE)
    .sort((a, b) => b.alike - a.alike)
    .flatMap(({ from, to }) => {
      if (taken.has(from) || taken.has(to)) return []
      taken.add(from).add(to)
      return [{ from, to }]
    })
}

function isSamePlace(a: ObjectChange, b: ObjectChange): boolean {
  return a.ref.kind === b.ref.kind && a.ref.namespace === b.ref.namespace && a.origin === b.origin && groupOf(a) === groupOf(b)
}

function groupOf({ ref }: ObjectChange): string {
  return ref.apiVersion.replace(/\/?v[^/]*$/, '')
}

/** An object's lines without its name. */
function linesOf({ before, after }: ObjectChange): readonly string[] {
  const { metadata, ...rest } = (after ?? before) as KubeObject
  const { name: _name, ...others } = metadata
  return keyLines({ ...rest, metadata: others })
}

/** 1 for the same lines, 0 for none in common. */
function likeness(a: readonly string[], b: readonly string[]): number {
  const open = new Map<string, number>()
  for (const line of a) open.set(line, (open.get(line) ?? 0) + 1)
  let common = 0
  for (const line of b) {
    const left = open.get(line) ?? 0
    if (left === 0) continue
    open.set(line, left - 1)
    common++
  }
  return (2 * common) / (a.length + b.length)
}
