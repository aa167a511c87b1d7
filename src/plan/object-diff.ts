import type { KubeObject } from '../kinds/kube-object.ts'
import { mergeFields } from '../kinds/merge-fields.ts'
import { compareTrees, type DiffNode } from './diff/compare-trees.ts'
import { type DiffLine, diffLines } from './diff/diff-lines.ts'
import { editsOf, type FieldEdit } from './diff/edits.ts'
import type { FieldPath } from './diff/field-path.ts'
import { maskNode } from './diff/mask-node.ts'
import { keyLines } from './diff/yaml-lines.ts'
import { type MaskText, markWith, maskSecret, maskValue, textMasker } from './mask-secrets.ts'
import type { ObjectChange } from './plan.ts'

export interface ObjectDiffOptions {
  /** Unchanged lines around changed ones; negative: all of them. Default 3. */
  readonly context?: number
  /** Show the values of Secrets. */
  readonly showSecrets?: boolean
  /** Say nothing of Secrets. */
  readonly suppressSecrets?: boolean
  /** Values from secret layers: masked wherever they stand, unless `showSecrets`. */
  readonly secretValues?: readonly string[]
  /** Nobody else's to know: makes the marks of hidden values comparable within what is shown and worthless beyond it. */
  readonly salt: string
}

/** How an object differs; everything secret in it is masked already. */
export interface ObjectDiff {
  /** The fields that differ; none where the object is created or goes as a whole. */
  readonly edits: readonly FieldEdit[]
  /** The differences as YAML, without fields that are told of elsewhere; all of an object that is created or goes. */
  readonly lines: (isToldElsewhere?: (path: FieldPath) => boolean) => readonly DiffLine[]
}

/** Compares the two sides of a change; keeps what all of them share. */
export type DiffObject = (change: Pick<ObjectChange, 'action' | 'before' | 'after' | 'secret'>) => ObjectDiff

const DEFAULT_CONTEXT = 3

const NOTHING: ObjectDiff = { edits: [], lines: () => [] }

/** A function that tells how a change's object differs, with secrets masked as `options` say. */
export function objectDiffer(options: ObjectDiffOptions): DiffObject {
  const mark = markWith(options.salt)
  const mask = textMasker(options.showSecrets ? [] : (options.secretValues ?? []), mark)
  const context = options.context ?? DEFAULT_CONTEXT
  const bare = (object: KubeObject, secret: boolean): KubeObject => (secret && !options.showSecrets ? maskSecret(object, mark) : object)
  return ({ action, before, after, secret }) => {
    if (action === 'none' || action === 'keep' || (secret && options.suppressSecrets)) return NOTHING
    const [old, next] = [before && bare(before, secret), action === 'delete' || !after ? undefined : bare(after, secret)]
    if (old && next) return differing(maskNode(compareTrees(old, next, mergeFields(next.apiVersion, next.kind)), { mask, mark }), context)
    const whole = (object: KubeObject | undefined, kind: DiffLine['kind']): readonly DiffLine[] => (object ? wholeObject(object, mask, kind) : [])
    return { edits: [], lines: () => [...whole(old, 'removed'), ...whole(next, 'added')] }
  }
}

function differing(node: DiffNode, context: number): ObjectDiff {
  return { edits: editsOf(node), lines: (isToldElsewhere) => diffLines(node, { context, ...(isToldElsewhere && { isToldElsewhere }) }) }
}

function wholeObject(object: KubeObject, mask: MaskText, kind: DiffLine['kind']): readonly DiffLine[] {
  return keyLines(maskValue(object, mask) as KubeObject).map((text) => ({ kind, text }))
}

/** The lines as text, each with its sign and a line break. */
export function diffText(lines: readonly DiffLine[]): string {
  const sign = { hunk: '', context: ' ', added: '+', removed: '-' }
  return lines.map((line) => `${sign[line.kind]}${line.text}\n`).join('')
}
