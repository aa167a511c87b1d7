import { isObject } from '../base/json.ts'
import type { KubeError } from './client.ts'

/** One step to a field: a key of a map, an element of a list by what tells it apart, its value or its position. */
export type FieldStep =
  | { readonly key: string }
  | { readonly where: readonly (readonly [key: string, value: unknown])[] }
  | { readonly value: unknown }
  | { readonly index: number }

export type FieldSteps = readonly FieldStep[]

/** A field that somebody else owns and that we want otherwise. */
export interface FieldConflict {
  readonly steps: FieldSteps
  /** `spec.template.spec.containers[web].image`. */
  readonly field: string
  /** The manager's name, as the server gives it. */
  readonly owner: string
  /** Undefined where there is none. */
  readonly ours: unknown
  readonly theirs: unknown
}

const OWNER = /conflict with "((?:[^"\\]|\\.)*)"/

/**
 * What stands in the way of applying `desired` over `live`, read off the server's refusal. Empty for refusals of another kind.
 *
 * Source: k8s.io/apimachinery 0.37 util/managedfields; sigs.k8s.io/structured-merge-diff v6 fieldpath/element.go (String)
 */
export function fieldConflicts(error: KubeError, desired: unknown, live: unknown): readonly FieldConflict[] {
  return error.causes
    .filter(({ reason, field }) => reason === 'FieldManagerConflict' && field !== undefined)
    .map(({ message = '', field = '' }) => {
      const steps = readPath(field, [desired, live])
      const owner = OWNER.exec(message)?.[1]?.replace(/\\(.)/g, '$1') ?? 'another manager'
      return { steps, field: fieldText(steps), owner, ours: fieldAt(desired, steps), theirs: fieldAt(live, steps) }
    })
}

/** Keys of maps stand in paths as they are, dots and all: which of them is meant, the objects themselves tell. */
function readPath(text: string, roots: readonly unknown[]): FieldSteps {
  const steps: FieldStep[] = []
  let values = roots
  let rest = text
  while (rest !== '') {
    const [step, length] = rest.startsWith('[') ? readElement(rest) : readKey(rest, values)
    steps.push(step)
    values = values.map((value) => stepInto(value, step))
    rest = rest.slice(length)
  }
  return steps
}

function readKey(rest: string, values: readonly unknown[]): readonly [FieldStep, number] {
  const from = rest.startsWith('.') ? 1 : 0
  const keys = values.flatMap((value) => (isObject(value) ? Object.keys(value) : []))
  const fitting = keys.filter((key) => rest.startsWith(key, from) && ['', '.', '['].includes(rest.charAt(from + key.length)))
  const longest = fitting.reduce((a, b) => (b.length > a.length ? b : a), '')
  const key = longest === '' ? (/^[^.[]+/.exec(rest.slice(from))?.[0] ?? rest.slice(from)) : longest
  return [{ key }, from + key.length]
}

/** `[name="web",protocol="TCP"]`, `[="value"]` or `[3]`. */
function readElement(rest: string): readonly [FieldStep, number] {
  const end = endOfElement(rest)
  const inside = rest.slice(1, end)
  if (/^\d+$/.test(inside)) return [{ index: Number(inside) }, end + 1]
  if (inside.startsWith('=')) return [{ value: parsed(inside.slice(1)) }, end + 1]
  const pairs = [...inside.matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]*)/g)].map((found) => [found[1] as string, parsed(found[2] as string)] as const)
  return [{ where: pairs }, end + 1]
}

function endOfElement(rest: string): number {
  let isQuoted = false
  for (let at = 1; at < rest.length; at++) {
    const char = rest[at]
    if (isQuoted && char === '\\') at++
    else if (char === '"') isQuoted = !isQuoted
    else if (char === ']' && !isQuoted) return at
  }
  return rest.length
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) return text
    throw error
  }
}

function stepInto(value: unknown, step: FieldStep): unknown {
  if ('key' in step) return isObject(value) && Object.hasOwn(value, step.key) ? value[step.key] : undefined
  return Array.isArray(value) ? value.find((item, index) => isMeant(step, item, index)) : undefined
}

function isMeant(step: FieldStep, item: unknown, index: number): boolean {
  if ('index' in step) return step.index === index
  if ('value' in step) return step.value === item
  // The server fills in defaults of keys, such as a port's protocol, which what we send may lack.
  return 'where' in step && isObject(item) && step.where.every(([key, value]) => item[key] === value || item[key] === undefined)
}

/** What stands at a field; undefined where a step is missing. */
function fieldAt(object: unknown, steps: FieldSteps): unknown {
  return steps.reduce<unknown>(stepInto, object)
}

/** `object` without the fields at `paths`. */
export function withoutFields<T>(object: T, paths: readonly FieldSteps[]): T {
  return paths.reduce<unknown>(without, object) as T
}

function without(value: unknown, [step, ...rest]: FieldSteps): unknown {
  if (step === undefined) return value
  if ('key' in step) {
    if (!isObject(value) || !Object.hasOwn(value, step.key)) return value
    const entries = Object.entries(value)
    const changed = entries.map(([key, item]) => [key, key === step.key ? without(item, rest) : item] as const)
    return Object.fromEntries(rest.length === 0 ? entries.filter(([key]) => key !== step.key) : changed)
  }
  if (!Array.isArray(value)) return value
  return rest.length === 0
    ? value.filter((item, index) => !isMeant(step, item, index))
    : value.map((item: unknown, index) => (isMeant(step, item, index) ? without(item, rest) : item))
}

/** What a step is called in a path: a key, or an element's own names. */
export function stepName(step: FieldStep): string {
  if ('key' in step) return step.key
  if ('index' in step) return String(step.index)
  return 'value' in step ? String(step.value) : step.where.map(([, value]) => String(value)).join('/')
}

/** A path as differences show it. */
function fieldText(steps: FieldSteps): string {
  return steps
    .map((step, at) => {
      const name = stepName(step)
      if (!('key' in step)) return `[${name}]`
      return /^[A-Za-z_$][\w$-]*$/.test(name) ? `${at === 0 ? '' : '.'}${name}` : `[${JSON.stringify(name)}]`
    })
    .join('')
}
