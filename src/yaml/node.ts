import type { Span } from '../base/source.ts'

/** What every YAML node carries. `tag` is what was written (`!!str`, `!custom`), absent where nothing was. */
interface NodeBase {
  readonly span: Span
  readonly tag?: string
  readonly anchor?: string
}

/** A scalar as written, after folding and unescaping; its type is decided when it is decoded. */
export interface ScalarNode extends NodeBase {
  readonly type: 'scalar'
  readonly text: string
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded'
}

export interface SequenceNode extends NodeBase {
  readonly type: 'sequence'
  readonly flow: boolean
  readonly items: readonly YamlNode[]
}

export interface MappingNode extends NodeBase {
  readonly type: 'mapping'
  readonly flow: boolean
  readonly entries: readonly MappingEntry[]
}

export interface MappingEntry {
  readonly key: YamlNode
  readonly value: YamlNode
}

/** `*name`, bound to the node that carries the anchor. */
export interface AliasNode extends NodeBase {
  readonly type: 'alias'
  readonly name: string
  readonly target: YamlNode
}

export type YamlNode = ScalarNode | SequenceNode | MappingNode | AliasNode

/** One document of a stream. `root` is null for an empty document. */
export interface YamlDocument {
  readonly root: YamlNode | null
  readonly span: Span
}
