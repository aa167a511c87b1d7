import type { AliasNode, YamlNode } from './node.ts'
import { YamlError } from './yaml-error.ts'

const MIN_ALIASED = 100
const MIN_DECODED = 1000
const LOW = 400_000
const HIGH = 4_000_000

/**
 * Keeps a small text from becoming a huge value: counts decoded nodes, and those reached through aliases, as go-yaml does.
 *
 * Source: go.yaml.in/yaml v2.4.4 and v3.0.5, decode.go
 */
export class AliasGuard {
  #decoded = 0
  #aliased = 0
  readonly #open = new Set<AliasNode>()

  /** Counts one node. @throws YamlError `yaml/excessive-aliasing` */
  count(node: YamlNode): void {
    this.#decoded++
    if (this.#open.size === 0) return
    this.#aliased++
    if (this.#aliased <= MIN_ALIASED || this.#decoded <= MIN_DECODED) return
    if (this.#aliased / this.#decoded > allowedRatio(this.#decoded))
      throw aliasError('yaml/excessive-aliasing', 'document contains excessive aliasing', node)
  }

  /** Runs `decode` on what an alias stands for. @throws YamlError `yaml/alias-cycle` */
  follow<T>(node: AliasNode, decode: (target: YamlNode) => T): T {
    if (this.#open.has(node)) throw aliasError('yaml/alias-cycle', `anchor '${node.name}' value contains itself`, node)
    this.#open.add(node)
    const value = decode(node.target)
    this.#open.delete(node)
    return value
  }
}

function allowedRatio(decoded: number): number {
  if (decoded <= LOW) return 0.99
  return decoded >= HIGH ? 0.1 : 0.99 - 0.89 * ((decoded - LOW) / (HIGH - LOW))
}

function aliasError(code: string, summary: string, node: YamlNode): YamlError {
  return new YamlError(`yaml: ${summary}`, { code, severity: 'error', summary, at: node.span })
}
