import type { Registry } from './registry.ts'
import type { ResourceType } from './resource-type.ts'
import type { Target } from './target.ts'

/** What the path of a request names below `/api` and `/apis`. */
export type ParsedPath =
  | { readonly type: 'groups'; readonly core: boolean }
  | { readonly type: 'group'; readonly group: string }
  | { readonly type: 'version'; readonly group: string; readonly version: string }
  | { readonly type: 'target'; readonly target: Target }

/** Reads a path; undefined for one that nothing is served at. */
export function parsePath(path: string, registry: Registry): ParsedPath | undefined {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decodePart)
  const core = parts[0] === 'api'
  if (!core && parts[0] !== 'apis') return undefined
  if (parts.length === 1) return { type: 'groups', core }
  const group = core ? '' : (parts[1] ?? '')
  if (!core && parts.length === 2) return { type: 'group', group }
  const version = (core ? parts[1] : parts[2]) ?? ''
  const rest = parts.slice(core ? 2 : 3)
  return rest.length === 0 ? { type: 'version', group, version } : targetPath(registry, group, version, rest)
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // Not an escape after all: the part stands for itself.
    return part
  }
}

function targetPath(registry: Registry, group: string, version: string, parts: readonly string[]): ParsedPath | undefined {
  const [first, second, third, ...more] = parts
  if (first === 'namespaces' && second !== undefined && third !== undefined) {
    const type = registry.find(group, version, third)
    if (type?.namespaced) return targetOf(type, version, second, more)
  }
  const type = registry.find(group, version, first ?? '')
  if (!type || (type.namespaced && second !== undefined)) return undefined
  return targetOf(type, version, '', parts.slice(1))
}

function targetOf(type: ResourceType, version: string, namespace: string, rest: readonly string[]): ParsedPath | undefined {
  const [name = '', subresource = '', ...more] = rest
  const isServed = subresource === '' || type.subresources.some((s) => s.name === subresource)
  if (!isServed || (more.length > 0 && subresource !== 'proxy')) return undefined
  return { type: 'target', target: { type, version, namespace, name, subresource } }
}
