import { BUILT_IN_KINDS } from './built-in-kinds.generated.ts'

/** A kind that Kubernetes itself defines. */
export interface BuiltInKind {
  readonly plural: string
  readonly namespaced: boolean
}

let index: ReadonlyMap<string, BuiltInKind> | undefined

/** What is known of a built-in kind; undefined for custom ones. A server may be too old or too new to serve it. */
export function builtInKind(apiVersion: string, kind: string): BuiltInKind | undefined {
  index ??= new Map(Object.entries(BUILT_IN_KINDS).flatMap(([version, list]) => list.split(', ').map((entry) => indexEntry(version, entry))))
  return index.get(`${apiVersion}/${kind}`)
}

function indexEntry(apiVersion: string, entry: string): readonly [string, BuiltInKind] {
  const [kind = '', plural = ''] = entry.split(' ')
  return [`${apiVersion}/${kind}`, { plural: plural.replace('!', ''), namespaced: !plural.endsWith('!') }]
}
