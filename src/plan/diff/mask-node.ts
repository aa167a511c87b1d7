import { type Mark, type MaskText, maskValue } from '../mask-secrets.ts'
import type { DiffNode } from './compare-trees.ts'

/** How secrets are hidden. */
export interface Masking {
  readonly mask: MaskText
  readonly mark: Mark
}

/**
 * `node` with every secret in it masked. Where a secret takes the place of something or gives way to it, that most likely was or
 * will be one too, which nobody knows any more or yet: it is hidden as well.
 */
export function maskNode(node: DiffNode, masking: Masking): DiffNode {
  const { mask } = masking
  switch (node.type) {
    case 'same':
      return { type: 'same', value: maskValue(node.value, mask) }
    case 'replaced':
      return { type: 'replaced', before: besides(node.before, node.after, masking), after: besides(node.after, node.before, masking) }
    case 'text':
      return { type: 'text', before: textBeside(node.before, node.after, masking), after: textBeside(node.after, node.before, masking) }
    case 'map':
    case 'list': {
      const children = node.children.map((child) => ({
        ...child,
        step: typeof child.step === 'string' ? mask(child.step) : { item: mask(child.step.item) },
        node: maskNode(child.node, masking),
      }))
      if (node.type === 'map' || !node.reordered) return { ...node, children }
      return { ...node, children, reordered: { before: node.reordered.before.map(mask), after: node.reordered.after.map(mask) } }
    }
  }
}

function besides(value: unknown, other: unknown, { mask, mark }: Masking): unknown {
  const isScalar = value !== undefined && (typeof value !== 'object' || value === null)
  return isScalar && typeof other === 'string' && mask(other) !== other && value !== '' ? `(secret ${mark(String(value))})` : maskValue(value, mask)
}

/** Lines of a text of which another form has a secret in a line of its own: those that the other has not may hold the former one. */
function textBeside(text: string, other: string, { mask, mark }: Masking): string {
  const [own, others] = [new Set(text.split('\n')), new Set(other.split('\n'))]
  const bringsSecret = [...others].some((line) => !own.has(line) && mask(line) !== line)
  if (!bringsSecret) return mask(text)
  return mask(
    text
      .split('\n')
      .map((line) => (others.has(line) || line.trim() === '' ? line : `(secret line ${mark(line)})`))
      .join('\n'),
  )
}
