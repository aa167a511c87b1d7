import type { DiffNode } from './compare-trees.ts'
import { type FieldPath, formatPath } from './field-path.ts'

/** One field that is set, changed or taken away. */
export interface FieldEdit {
  readonly path: FieldPath
  /** Absent: it was not there. */
  readonly before?: unknown
  /** Absent: it goes. */
  readonly after?: unknown
}

/** All fields in which two values differ, from top to bottom. A list in another order is one edit of the names in it. */
export function editsOf(node: DiffNode, path: FieldPath = []): readonly FieldEdit[] {
  switch (node.type) {
    case 'same':
      return []
    case 'text':
      return [{ path, before: node.before, after: node.after }]
    case 'replaced':
      return [{ path, ...(node.before !== undefined && { before: node.before }), ...(node.after !== undefined && { after: node.after }) }]
    case 'map':
      return node.children.flatMap((child) => editsOf(child.node, [...path, child.step]))
    case 'list':
      return [
        ...(node.reordered ? [{ path, ...node.reordered }] : []),
        ...node.children.flatMap((child) => editsOf(child.node, [...path, child.step])),
      ]
  }
}

/** The same text for edits that do the same at the same place. */
export function editKey(edit: FieldEdit): string {
  return JSON.stringify([formatPath(edit.path), edit.before === undefined, edit.before, edit.after === undefined, edit.after])
}
