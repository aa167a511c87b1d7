import { placeOf, positionAt, type Span } from '../base/source.ts'
import type { GoValue } from '../go/values.ts'
import { parseYaml } from '../yaml/compose.ts'
import { decodeNode } from '../yaml/decode.ts'
import { YamlError } from '../yaml/yaml-error.ts'
import { isRendered } from './destination.ts'
import type { FileEdits } from './file-edits.ts'
import type { ReleasePair } from './pair-releases.ts'
import type { LeftValue } from './promotion.ts'
import { type NodePath, nodePathAt, setYamlValue, valueAt } from './set-yaml-value.ts'

/**
 * Writes the version of the source's chart into the target's entry of the release, where both have entries of their own. What cannot be
 * written is left.
 */
export function promoteVersion(edits: FileEdits, { source, target }: ReleasePair, isFetched: (path: string) => boolean): readonly LeftValue[] {
  if (!source || !target || source.version === target.version) return []
  const { at } = target
  const reason = `chart ${target.chart} is ${target.version ?? 'the newest'}, and ${source.version ?? 'the newest'} in the source`
  const left: LeftValue = {
    owner: { kind: 'release', id: target.id },
    what: 'version',
    path: ['version'],
    reason,
    todo: 'change its version there, or the values that it is made of',
    ...(at && { at }),
  }
  if (!at || !source.at || isRendered(at) || isRendered(source.at) || placeOf(at) === placeOf(source.at) || isFetched(at.source.name)) return [left]
  const wanted = writtenVersion(edits, source.at)
  const entry = entryAt(edits, at)
  if (wanted === undefined || !entry) return [left]
  const edit = setYamlValue({ name: at.source.name, text: entry.text }, [...entry.path, 'version'], wanted, entry.document)
  if (edit.refused !== undefined) return [left]
  edits.set(at.source.name, edit.text)
  return []
}

function writtenVersion(edits: FileEdits, at: Span): GoValue | undefined {
  const entry = entryAt(edits, at)
  const root = entry && parseYaml({ name: at.source.name, text: entry.text }, 'helmfile')[entry.document]?.root
  return root ? valueAt(decodeNode(root, 'helmfile'), [...entry.path, 'version']) : undefined
}

/** Where a release's entry stands in the file as it is now. */
function entryAt(edits: FileEdits, at: Span): (NodePath & { readonly text: string }) | undefined {
  const text = edits.textOf(at.source.name)
  if (text === undefined) return undefined
  const { line, column } = positionAt(at.source, at.start)
  const offset =
    text
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length +
    (line > 1 ? 1 : 0) +
    column -
    1
  try {
    const node = nodePathAt({ name: at.source.name, text }, offset)
    return node && { ...node, text, path: text[offset] === '{' ? node.path : node.path.slice(0, -1) }
  } catch (error) {
    if (error instanceof YamlError) return undefined
    throw error
  }
}
