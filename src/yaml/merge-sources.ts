import type { AliasGuard } from './alias-guard.ts'
import type { MappingNode, YamlNode } from './node.ts'
import { YamlError } from './yaml-error.ts'

/**
 * Hands each mapping that a merge key (`<<`) names to `fill`, aliases followed and counted.
 *
 * @throws YamlError `yaml/merge` for what is no mapping, and as `guard`
 */
export function eachMergeSource(guard: AliasGuard, sources: readonly YamlNode[], fill: (target: MappingNode) => void): void {
  for (const source of sources) {
    const target = source.type === 'alias' ? source.target : source
    if (target.type !== 'mapping') throw mergeError(source)
    guard.count(source)
    if (source.type === 'alias') {
      guard.follow(source, () => {
        guard.count(target)
        fill(target)
      })
    } else fill(target)
  }
}

function mergeError(node: YamlNode): YamlError {
  const summary = 'map merge requires map or sequence of maps as the value'
  return new YamlError(`yaml: ${summary}`, { code: 'yaml/merge', severity: 'error', summary, at: node.span })
}
