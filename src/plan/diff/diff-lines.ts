import type { DiffChild, DiffNode } from './compare-trees.ts'
import { type FieldPath, formatPath } from './field-path.ts'
import { cutToDifference, type TextLine, textLines } from './text-lines.ts'
import { blockLines, blockStyle, isLongText, scalarLine, yamlLines } from './yaml-lines.ts'

/** One line of a diff; `text` comes without the sign in front. A hunk's text says where in the object it stands. */
export interface DiffLine {
  readonly kind: 'hunk' | 'context' | 'added' | 'removed'
  readonly text: string
}

/** A line of the whole object, and the field it belongs to. */
interface PlacedLine extends TextLine {
  readonly path: FieldPath
}

export interface DiffLinesOptions {
  /** Unchanged lines around changed ones; negative: all of them. */
  readonly context: number
  /** Fields that are told of elsewhere: what they will be is shown as if it had been so. */
  readonly isToldElsewhere?: (path: FieldPath) => boolean
}

/** JSON in a text on one line is laid out to be compared from this length on. */
const LONG_JSON = 100

/** The lines of YAML in which two objects differ, elements of lists beside those they were matched with. */
export function diffLines(node: DiffNode, options: DiffLinesOptions): readonly DiffLine[] {
  const lines = node.type === 'map' ? childLines(node.children, [], options) : placed(node, '-', [], options)
  return options.context < 0 ? lines.map(({ kind, text }) => ({ kind, text })) : inHunks(lines, options.context)
}

function placed(node: DiffNode, head: string, path: FieldPath, options: DiffLinesOptions, key?: string): readonly PlacedLine[] {
  const at = (kind: TextLine['kind'], texts: readonly string[]): readonly PlacedLine[] => texts.map((text) => ({ kind, text, path }))
  if (node.type === 'same') return at('context', yamlLines(head, node.value, key))
  if (options.isToldElsewhere?.(path))
    return node.type === 'replaced' && node.after !== undefined ? at('context', yamlLines(head, node.after, key)) : []
  switch (node.type) {
    case 'text':
      return textBlock(node.before, node.after, head).map((line) => ({ ...line, path }))
    case 'replaced':
      return replacedLines(node, head, key).map((line) => ({ ...line, path }))
    case 'map':
      return below(head, childLines(node.children, path, options, key), path)
    case 'list': {
      const order = node.reordered ? [...at('removed', [orderLine(node.reordered.before)]), ...at('added', [orderLine(node.reordered.after)])] : []
      const items = node.children.flatMap((child) => placed(child.node, '-', [...path, child.step], options, child.key))
      return head === '-' ? below(head, [...order, ...items], path) : [...at('context', [head]), ...order, ...items]
    }
  }
}

function orderLine(names: readonly string[]): string {
  return `# order: ${names.join(', ')}`
}

/** Keys of a map, the one that tells an element apart first. */
function childLines(children: readonly DiffChild[], path: FieldPath, options: DiffLinesOptions, key?: string): readonly PlacedLine[] {
  const first = children.filter(({ step }) => step === key)
  const others = children.filter(({ step }) => step !== key)
  return [...first, ...others].flatMap(({ step, node }) => placed(node, `${scalarLine(step)}:`, [...path, step], options))
}

/** Lines under a key, or beside the dash of a list: the first of what was and of what will be carries it. */
function below(head: string, lines: readonly PlacedLine[], path: FieldPath): readonly PlacedLine[] {
  const indented = (line: PlacedLine): PlacedLine => ({ ...line, text: line.text === '' ? '' : `  ${line.text}` })
  if (head !== '-') return [{ kind: 'context', text: head, path }, ...lines.map(indented)]
  const open = new Set<TextLine['kind']>(['added', 'removed'])
  return lines.map((line) => {
    const isFirst = line.kind === 'context' ? open.size === 2 : open.has(line.kind)
    if (line.kind === 'context') open.clear()
    else open.delete(line.kind)
    return isFirst ? { ...line, text: `- ${line.text}` } : indented(line)
  })
}

function replacedLines({ before, after }: { readonly before: unknown; readonly after: unknown }, head: string, key?: string): readonly TextLine[] {
  if (typeof before === 'string' && typeof after === 'string' && !isLongText(before) && !isLongText(after)) {
    const [old, next] = [laidOut(before), laidOut(after)]
    if (old && next) return [{ kind: 'context', text: `${head} # JSON, laid out` }, ...textLines(old, next).map(indentedText)]
    const [cut, cutNext] = cutToDifference(before, after)
    return [
      { kind: 'removed', text: `${head} ${scalarLine(cut)}` },
      { kind: 'added', text: `${head} ${scalarLine(cutNext)}` },
    ]
  }
  const whole = (kind: TextLine['kind'], value: unknown): readonly TextLine[] =>
    value === undefined ? [] : yamlLines(head, value, key).map((text) => ({ kind, text }))
  return [...whole('removed', before), ...whole('added', after)]
}

function laidOut(text: string): readonly string[] | undefined {
  if (text.length < LONG_JSON || !/^\s*[[{]/.test(text)) return undefined
  try {
    return blockLines(JSON.stringify(JSON.parse(text), undefined, 2))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function textBlock(before: string, after: string, head: string): readonly TextLine[] {
  const [old, next] = [blockStyle(before), blockStyle(after)]
  const announced: readonly TextLine[] =
    old === next
      ? [{ kind: 'context', text: `${head} ${next}` }]
      : [
          { kind: 'removed', text: `${head} ${old}` },
          { kind: 'added', text: `${head} ${next}` },
        ]
  return [...announced, ...textLines(blockLines(before), blockLines(after)).map(indentedText)]
}

function indentedText(line: TextLine): TextLine {
  return line.text === '' ? line : { ...line, text: `  ${line.text}` }
}

function inHunks(lines: readonly PlacedLine[], context: number): readonly DiffLine[] {
  const result: DiffLine[] = []
  let shownTo = -1
  for (const [index, line] of lines.entries()) {
    if (line.kind === 'context') continue
    const from = Math.max(index - context, shownTo + 1)
    if (from > shownTo + 1 || shownTo < 0) result.push({ kind: 'hunk', text: `@@ ${formatPath(line.path)} @@` })
    const to = Math.min(index + context, lines.length - 1)
    for (let shown = from; shown <= to; shown++) result.push(bare(lines[shown] as PlacedLine))
    shownTo = Math.max(shownTo, to)
  }
  return result
}

function bare({ kind, text }: PlacedLine): DiffLine {
  return { kind, text }
}
