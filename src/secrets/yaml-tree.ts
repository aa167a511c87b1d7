import { failure } from '../base/diagnostic.ts'
import type { Source } from '../base/source.ts'
import { GoInt } from '../go/values.ts'
import { AliasGuard } from '../yaml/alias-guard.ts'
import { parseYaml } from '../yaml/compose.ts'
import { decodeNode } from '../yaml/decode.ts'
import { decodeScalar } from '../yaml/decode-scalar.ts'
import type { MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts'
import { YamlError } from '../yaml/yaml-error.ts'
import type { SopsBranch, SopsEntry, SopsValue } from './sops-tree.ts'

/**
 * The documents of a YAML file as sops reads them: in order, aliases written out, merge keys left as they are. Comments are left out.
 *
 * @throws YamlError as `parseYaml`; DiagnosticError `secrets/bad-file` for documents that are no maps and keys that are no strings
 * Source: sops 3.13 stores/yaml/store.go
 */
export function yamlBranches(source: Source): SopsBranch[] {
  const documents = parseYaml(source, 'helmfile')
  // sops decodes the first document once, to refuse keys that stand twice.
  decodeNode(documents[0]?.root ?? null, 'helmfile')
  const guard = new AliasGuard()
  return documents.map(({ root }) => topBranch(root, guard))
}

function topBranch(root: YamlNode | null, guard: AliasGuard): SopsBranch {
  const node = root?.type === 'alias' ? root.target : root
  if (node === null || (node.type === 'scalar' && scalarValue(node) === null)) return { type: 'branch', entries: [] }
  if (node.type === 'mapping') return branchOf(node, guard)
  throw failure('secrets/bad-file', 'a document of the encrypted file is no map', { at: node.span })
}

function branchOf(node: MappingNode, guard: AliasGuard): SopsBranch {
  const entries = node.entries.map(({ key, value }): SopsEntry => {
    const name = key.type === 'scalar' ? scalarValue(key) : undefined
    if (typeof name !== 'string') throw failure('secrets/bad-file', 'a key of the encrypted file is no string', { at: key.span })
    return { key: name, value: treeOf(value, guard), at: value.span }
  })
  return { type: 'branch', entries }
}

function treeOf(node: YamlNode, guard: AliasGuard): SopsValue {
  guard.count(node)
  switch (node.type) {
    case 'alias':
      return guard.follow(node, (target) => treeOf(target, guard))
    case 'sequence':
      return { type: 'list', items: node.items.map((item) => treeOf(item, guard)) }
    case 'mapping':
      return branchOf(node, guard)
    case 'scalar':
      return scalarValue(node)
  }
}

/** A scalar's value; null for one that does not fit its tag, which sops lets pass. */
function scalarValue(node: ScalarNode): SopsValue {
  try {
    const value = decodeScalar(node, 'helmfile')
    if (!(value instanceof GoInt) || value.kind === 'int') return value
  } catch (error) {
    if (error instanceof YamlError) return null
    throw error
  }
  throw failure('secrets/bad-file', 'a number of the encrypted file does not fit 64 bits with a sign', { at: node.span })
}
