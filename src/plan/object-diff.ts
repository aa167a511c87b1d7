import { createRequire } from 'node:module'
import { fromPlain } from '../go/plain.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { encodeYaml } from '../yaml/encode.ts'
import { YamlError } from '../yaml/yaml-error.ts'
import { type Mark, type MaskText, markWith, maskSecret, maskValue, textMasker } from './mask-secrets.ts'
import type { ObjectChange } from './plan.ts'

/** One line of a diff; `text` comes without the sign in front. */
export interface DiffLine {
  readonly kind: 'hunk' | 'context' | 'added' | 'removed'
  readonly text: string
}

export interface ObjectDiffOptions {
  /** Unchanged lines around changed ones; negative: all of them. Default 3. */
  readonly context?: number
  /** Show the values of Secrets. */
  readonly showSecrets?: boolean
  /** Say nothing of Secrets. */
  readonly suppressSecrets?: boolean
  /** Values from secret layers: masked wherever they stand, unless `showSecrets`. */
  readonly secretValues?: readonly string[]
  /** Random, the same for one run: makes the marks of hidden values comparable within it and worthless after. */
  readonly salt: string
}

/** Shows one change after another as lines; keeps what all of them share. */
export type DiffObject = (change: ObjectChange) => readonly DiffLine[]

/** Edits between two texts beyond which they are shown as wholly different: bounds the time. */
const MAX_EDITS = 20_000
const DEFAULT_CONTEXT = 3

/** A function that tells the lines in which a change's YAML before and after differ; none where they do not. */
export function objectDiffer(options: ObjectDiffOptions): DiffObject {
  const mark = markWith(options.salt)
  const mask = textMasker(options.showSecrets ? [] : (options.secretValues ?? []), mark)
  const shown = (object: KubeObject | undefined, secret: boolean): string =>
    object ? yamlOf(object, { secret: secret && !options.showSecrets, mark, mask }) : ''
  return (change) => {
    if (change.action === 'none' || (change.secret && options.suppressSecrets)) return []
    const after = change.action === 'keep' || change.action === 'delete' ? undefined : change.after
    if (change.action === 'keep') return []
    return diffLines(shown(change.before, change.secret), shown(after, change.secret), options.context ?? DEFAULT_CONTEXT)
  }
}

/** The lines as text, each with its sign and a line break. */
export function diffText(lines: readonly DiffLine[]): string {
  const sign = { hunk: '', context: ' ', added: '+', removed: '-' }
  return lines.map((line) => `${sign[line.kind]}${line.text}\n`).join('')
}

function yamlOf(object: KubeObject, how: { readonly secret: boolean; readonly mark: Mark; readonly mask: MaskText }): string {
  const visible = maskValue(how.secret ? maskSecret(object, how.mark) : object, how.mask)
  try {
    return encodeYaml(fromPlain(visible), 'helm')
  } catch (error) {
    // Characters that YAML cannot hold are legal in an object.
    if (error instanceof YamlError) return `${JSON.stringify(visible, undefined, 2)}\n`
    throw error
  }
}

let diffPackage: typeof import('diff') | undefined

function diffLines(before: string, after: string, context: number): readonly DiffLine[] {
  diffPackage ??= createRequire(import.meta.url)('diff') as typeof import('diff')
  const patch = diffPackage.structuredPatch('', '', before, after, undefined, undefined, {
    context: context < 0 ? Number.MAX_SAFE_INTEGER : context,
    maxEditLength: MAX_EDITS,
  })
  if (!patch) return [...linesOf(before, 'removed'), ...linesOf(after, 'added')]
  return patch.hunks.flatMap((hunk) => [
    { kind: 'hunk' as const, text: `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@` },
    ...hunk.lines.flatMap(lineOf),
  ])
}

function linesOf(text: string, kind: DiffLine['kind']): readonly DiffLine[] {
  return text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => ({ kind, text: line }))
}

function lineOf(line: string): readonly DiffLine[] {
  const text = line.slice(1)
  if (line.startsWith('+')) return [{ kind: 'added', text }]
  if (line.startsWith('-')) return [{ kind: 'removed', text }]
  return line.startsWith('\\') ? [] : [{ kind: 'context', text }]
}
