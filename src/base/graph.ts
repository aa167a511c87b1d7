/** A directed graph as data: each node's id with the ids it must wait for. */
export type Graph = ReadonlyMap<string, readonly string[]>

/** One cycle as a path whose first and last id are equal, or undefined when there is none. Ids without an entry are leaves. O(nodes + edges). */
export function findCycle(graph: Graph): readonly string[] | undefined {
  const done = new Set<string>()
  const path: string[] = []
  const onPath = new Set<string>()
  const visit = (id: string): readonly string[] | undefined => {
    if (onPath.has(id)) return [...path.slice(path.indexOf(id)), id]
    if (done.has(id)) return undefined
    path.push(id)
    onPath.add(id)
    for (const next of graph.get(id) ?? []) {
      const cycle = visit(next)
      if (cycle) return cycle
    }
    path.pop()
    onPath.delete(id)
    done.add(id)
    return undefined
  }
  for (const id of graph.keys()) {
    const cycle = visit(id)
    if (cycle) return cycle
  }
  return undefined
}

/** Groups of ids: every id stands in a later group than all it waits for, and as early as that allows; inside a group in the graph's own order. Needs an acyclic graph. */
export function layersOf(graph: Graph): readonly (readonly string[])[] {
  const depth = new Map<string, number>()
  const depthOf = (id: string): number => {
    const known = depth.get(id)
    if (known !== undefined) return known
    const found = Math.max(-1, ...(graph.get(id) ?? []).filter((need) => graph.has(need)).map(depthOf)) + 1
    depth.set(id, found)
    return found
  }
  const layers: string[][] = []
  for (const id of graph.keys()) {
    const d = depthOf(id)
    layers[d] ??= []
    ;(layers[d] as string[]).push(id)
  }
  return layers
}

/** The same graph with its arrows turned round. */
export function reversed(graph: Graph): Graph {
  const result = new Map<string, string[]>([...graph.keys()].map((id) => [id, []]))
  for (const [id, needs] of graph) for (const need of needs) result.get(need)?.push(id)
  return result
}
