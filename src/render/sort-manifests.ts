import { type Diagnostic, DiagnosticError } from '../base/diagnostic.ts'
import { decodeStruct, type StructShape } from '../chart/decode-struct.ts'
import type { HelmCompat } from '../chart/helm-compat.ts'
import { prefixed } from '../chart/prefixed-error.ts'
import { trimSpace } from '../go/letter-case.ts'
import { parseAtoi } from '../go/parse-number.ts'
import { toPlain } from '../go/plain.ts'
import { compareBytes, type GoValue } from '../go/values.ts'
import { installOrder } from '../kinds/install-order.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { helmFacts } from './helm-facts.ts'
import { RenderError } from './render-error.ts'
import type { Hook, HookDeletePolicy, HookEvent, HookOutputLogPolicy } from './rendered.ts'
import { splitManifests } from './split-manifests.ts'

/** One document of a rendered template that is no hook. */
export interface Manifest {
  /** The template it came from. */
  readonly path: string
  readonly text: string
  readonly kind: string
  readonly apiVersion: string
  /** False for a document of comments only, whose object is empty. */
  readonly isObject: boolean
  readonly object: KubeObject
}

export interface SortedManifests {
  /** In install order. */
  readonly manifests: readonly Manifest[]
  /** In install order by kind; weights count when they run. */
  readonly hooks: readonly Hook[]
}

/** The part of an object that sorting looks at: Helm reads no more, and refuses what does not fit. */
const HEAD: StructShape = {
  kind: 'struct',
  name: 'SimpleHead',
  goType: 'util.SimpleHead',
  fields: {
    apiVersion: { kind: 'string' },
    kind: { kind: 'string' },
    metadata: {
      kind: 'struct',
      name: '',
      goType: 'struct { Name string "json:\\"name\\""; Annotations map[string]string "json:\\"annotations\\"" }',
      fields: { name: { kind: 'string' }, annotations: { kind: 'map', of: { kind: 'string' } } },
    },
  },
}

const EVENTS: readonly HookEvent[] = [
  'pre-install',
  'post-install',
  'pre-delete',
  'post-delete',
  'pre-upgrade',
  'post-upgrade',
  'pre-rollback',
  'post-rollback',
  'test',
]

/** Helm 2's name for tests that should succeed. */
const OLD_TEST_EVENT = 'test-success'

interface Head {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly annotations: ReadonlyMap<string, string>
}

function headOf(fields: ReadonlyMap<string, unknown>): Head {
  const metadata = (fields.get('metadata') ?? new Map()) as ReadonlyMap<string, unknown>
  return {
    apiVersion: (fields.get('apiVersion') as string | undefined) ?? '',
    kind: (fields.get('kind') as string | undefined) ?? '',
    name: (metadata.get('name') as string | undefined) ?? '',
    annotations: (metadata.get('annotations') ?? new Map()) as ReadonlyMap<string, string>,
  }
}

/** Entries of a comma separated annotation; none where it is not set. */
function listed(head: Head, annotation: string): readonly string[] {
  return (
    head.annotations
      .get(annotation)
      ?.split(',')
      .map((entry) => entry.trim().toLowerCase()) ?? []
  )
}

/** Undefined when one of the events is none of Helm's: then the whole object is dropped. */
function eventsOf(names: readonly string[]): readonly HookEvent[] | undefined {
  const events = names.map((name) => (name === OLD_TEST_EVENT ? 'test' : EVENTS.find((event) => event === name)))
  return events.includes(undefined) ? undefined : (events as HookEvent[])
}

function weightOf(head: Head): number {
  const { value, error } = parseAtoi(head.annotations.get('helm.sh/hook-weight') ?? '')
  return error ? 0 : Number(value)
}

/** The object of a document, made when it is first asked for: most renders only print. */
function lazyObject<T extends object>(target: T, value: GoValue): T & { readonly object: KubeObject } {
  let known: KubeObject | undefined
  return Object.defineProperty(target, 'object', {
    enumerable: true,
    get: () => {
      known ??= toPlain(value) as unknown as KubeObject
      return known
    },
  }) as T & { readonly object: KubeObject }
}

function hookOf(path: string, text: string, head: Head, events: readonly HookEvent[], value: GoValue): Hook {
  return lazyObject(
    {
      path,
      text,
      name: head.name,
      kind: head.kind,
      events,
      weight: weightOf(head),
      deletePolicies: listed(head, 'helm.sh/hook-delete-policy') as readonly HookDeletePolicy[],
      outputLogPolicies: listed(head, 'helm.sh/hook-output-log-policy') as readonly HookOutputLogPolicy[],
    },
    value,
  )
}

function manifestOf(path: string, text: string, head: Head, value: GoValue): Manifest {
  return lazyObject({ path, text, kind: head.kind, apiVersion: head.apiVersion, isObject: value instanceof Map }, value ?? new Map())
}

function readHead(path: string, text: string): ReturnType<typeof decodeStruct> {
  try {
    return decodeStruct({ name: path, text }, HEAD)
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    const full = prefixed(`YAML parse error on ${path}`, error)
    throw new RenderError(full.diagnostics.map((d) => d.summary).join('\n'), full.diagnostics, { cause: error })
  }
}

function sortDocument(
  path: string,
  text: string,
  into: { readonly manifests: Manifest[]; readonly hooks: Hook[] },
  warn: (warning: Diagnostic) => void,
): void {
  const { fields, value } = readHead(path, text)
  const head = headOf(fields)
  const hookTypes = head.annotations.get('helm.sh/hook')
  if (hookTypes === undefined) {
    into.manifests.push(manifestOf(path, text, head, value))
    return
  }
  const events = eventsOf(listed(head, 'helm.sh/hook'))
  if (events) into.hooks.push(hookOf(path, text, head, events, value))
  else {
    warn({
      code: 'render/unknown-hook',
      severity: 'warning',
      summary: `skipping unknown hooks hookTypes=${hookTypes === '' ? '""' : hookTypes}`,
      subject: `${head.kind} ${head.name} in ${path}`,
    })
  }
}

type Ranks = ReadonlyMap<string, number>

const ranks: Ranks = new Map(installOrder.map((kind, i) => [kind, i]))

function ranksOf(compat: HelmCompat | undefined): Ranks {
  const { unorderedKinds } = helmFacts(compat)
  return unorderedKinds.size === 0 ? ranks : new Map([...ranks].filter(([kind]) => !unorderedKinds.has(kind)))
}

/** Known kinds by Helm's order, all others behind them by name; equal kinds keep their order. */
function byInstallOrder(ranks: Ranks, a: { readonly kind: string }, b: { readonly kind: string }): number {
  const left = ranks.get(a.kind)
  const right = ranks.get(b.kind)
  if (left === undefined && right === undefined) return compareBytes(a.kind, b.kind)
  return (left ?? ranks.size) - (right ?? ranks.size)
}

/**
 * The documents of rendered templates (text by path) apart into hooks and others, each in install order.
 *
 * @throws RenderError for the first document that is no YAML, or whose head does not fit, in Helm's words
 * Source: Helm 4.3.1 pkg/release/v1/util/manifest_sorter.go, kind_sorter.go
 */
export function sortManifests(rendered: ReadonlyMap<string, string>, warn: (warning: Diagnostic) => void, compat?: HelmCompat): SortedManifests {
  const order = ranksOf(compat)
  const into: { manifests: Manifest[]; hooks: Hook[] } = { manifests: [], hooks: [] }
  for (const path of [...rendered.keys()].sort(compareBytes)) {
    const text = rendered.get(path) as string
    if (path.slice(path.lastIndexOf('/') + 1).startsWith('_') || trimSpace(text) === '') continue
    for (const document of splitManifests(text, compat)) sortDocument(path, document, into, warn)
  }
  const compare = (a: { readonly kind: string }, b: { readonly kind: string }): number => byInstallOrder(order, a, b)
  return { manifests: into.manifests.sort(compare), hooks: into.hooks.sort(compare) }
}
