import { failure, withNote } from '../base/diagnostic.ts'
import type { Source } from '../base/source.ts'
import { GO_TYPE, type GoObject, type GoValue } from '../go/values.ts'
import { castKeys } from './cast-keys.ts'
import { decodeSpec } from './decode-spec.ts'
import { withInherited } from './inherit-templates.ts'
import { hasActions, type TextRenderer } from './render-text.ts'
import { sameSpec } from './same-spec.ts'
import { flag } from './shape.ts'
import { nodeOfValue, placeOfSpec, type ReleaseSpec, type SetSpec, type StateSpec, setPlace, whereOf } from './spec.ts'
import { type ReleaseSurroundings, releaseTemplateData } from './template-data.ts'
import { decodeText, encodeText, parseText, roundTripped } from './yaml-text.ts'

/** How often a release's expressions may change what they themselves refer to. */
const MAX_PASSES = 6

/**
 * The release as it is worked on: templates inherited, defaults of the file applied, every expression evaluated until nothing
 * changes any more.
 * @throws DiagnosticError `state/recursive-expressions`, `state/no-chart`, and what templates throw
 * Source: Helmfile 1.8 pkg/state/state_exec_tmpl.go ExecuteTemplates, release.go
 */
export function resolveRelease(state: StateSpec, release: ReleaseSpec, around: ReleaseSurroundings, renderer: TextRenderer): ReleaseSpec {
  const inherited = withFileDefaults(state, withInherited(state, release))
  const resolved = withBooleans(evaluate(inherited, around, renderer))
  const at = placeOfSpec(release)
  if (at) setPlace(resolved, at)
  if (!resolved.chart) throw failure('state/no-chart', `encountered empty chart while reading release "${resolved.name ?? ''}"`, at ? { at } : {})
  return resolved
}

function withFileDefaults(state: StateSpec, release: ReleaseSpec): ReleaseSpec {
  const context = release.kubeContext || state.helmDefaults?.kubeContext
  const apiVersions = release.apiVersions?.length ? release.apiVersions : state.apiVersions
  const kubeVersion = release.kubeVersion || state.kubeVersion
  return {
    ...release,
    ...(context ? { kubeContext: context } : {}),
    labels: new Map([...(release.labels ?? []), ...(state.commonLabels ?? [])]),
    ...(apiVersions ? { apiVersions } : {}),
    ...(kubeVersion ? { kubeVersion } : {}),
  }
}

function evaluate(release: ReleaseSpec, around: ReleaseSurroundings, renderer: TextRenderer): ReleaseSpec {
  const evaluated = evaluateOnce(release, releaseTemplateData(around, release), renderer)
  if (!hasExpressions(release)) return evaluated
  let before = evaluated
  for (let pass = 1; pass < MAX_PASSES; pass++) {
    const after = evaluateOnce(release, releaseTemplateData(around, before), renderer)
    if (sameSpec(before, after)) return after
    before = after
  }
  throw failure(
    'state/recursive-expressions',
    `failed executing templates in release "${release.name}": recursive references can't be resolved`,
    whereOf(release),
  )
}

function hasExpressions(value: unknown): boolean {
  if (typeof value === 'string') return hasActions(value)
  if (Array.isArray(value)) return value.some(hasExpressions)
  if (value instanceof Map) return [...value.values()].some(hasExpressions)
  return typeof value === 'object' && value !== null && Object.values(value).some(hasExpressions)
}

type Evaluate = (field: string, source: string) => string

function evaluator(release: ReleaseSpec, data: GoObject, renderer: TextRenderer): Evaluate {
  return (field, source) => {
    if (!hasActions(source)) return source
    try {
      return renderer.render({ name: 'release expression', text: source }, data)
    } catch (error) {
      throw withNote(error, { text: `failed executing template expressions in release "${release.name}".${field}`, ...whereOf(release) })
    }
  }
}

const TRIMMED = ['name', 'chart', 'namespace', 'version'] as const
const KEPT = ['waitTemplate', 'installedTemplate', 'conditionTemplate', 'verifyTemplate'] as const

/** One pass over all fields that may hold expressions, in the order in which Helmfile evaluates them. */
function evaluateOnce(release: ReleaseSpec, data: GoObject, renderer: TextRenderer): ReleaseSpec {
  const text = evaluator(release, data, renderer)
  const result: Writable<ReleaseSpec> = { ...release }
  for (const key of TRIMMED) if (release[key]) result[key] = text(key, release[key]).trim()
  for (const key of KEPT) if (release[key] !== undefined) result[key] = text(key, release[key])
  if (release.labels) result.labels = new Map([...release.labels].map(([key, value]) => [key, text(`labels[${key}]`, value)]))
  if (release.postRendererArgs) result.postRendererArgs = release.postRendererArgs.map((arg, i) => text(`postRendererArgs[${i}]`, arg))
  if (release.valuesTemplate || release.values) evaluateValues(release, result, text)
  if (release.secrets) result.secrets = release.secrets.map((value, i) => textOnly(roundTripped(value), `secrets[${i}]`, text))
  if (release.setTemplate) {
    result.setTemplate = release.setTemplate.map((set, i) => evaluateSet(set, `setTemplate[${i}]`, text))
    result.set = [...result.setTemplate, ...(release.set ?? [])]
  }
  if (release.needs) result.needs = release.needs.map((need, i) => text(`needs[${i}]`, need))
  return result
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** `valuesTemplate` comes before `values`. */
function evaluateValues(release: ReleaseSpec, result: Writable<ReleaseSpec>, text: Evaluate): void {
  const templates = release.valuesTemplate?.map((value, i) => evaluateTree(value, (source) => text(`valuesTemplate[${i}]`, source)))
  if (templates) result.valuesTemplate = templates
  const values = [...(templates ?? []), ...(release.values ?? []).map((value) => roundTripped(withTextKeys(value, release)))]
  result.values = withPlacesOf(
    release.values,
    values.map((value, i) => textOnly(value, `values[${i}]`, text)),
  )
}

/** Only a map whose own keys are not all texts is looked through; Helm reads others as they are. */
function withTextKeys(value: GoValue, release: ReleaseSpec): GoValue {
  return value instanceof Map && value[GO_TYPE] ? castKeys(value, nodeOfValue(value)?.span ?? placeOfSpec(release.values)) : value
}

function withPlacesOf(from: object | undefined, items: readonly GoValue[]): readonly GoValue[] {
  const at = placeOfSpec(from)
  if (at) setPlace(items, at)
  return items
}

function textOnly(value: GoValue, field: string, text: Evaluate): GoValue {
  return typeof value === 'string' ? text(field, value) : value
}

/** A tree is printed, rendered as one text and read again, so expressions may also make structure. */
function evaluateTree(value: GoValue, render: (source: string) => string): GoValue {
  if (!(value instanceof Map)) return value
  const printed = encodeText(value)
  return decodeText({ name: 'valuesTemplate', text: render(printed) })
}

function evaluateSet(set: SetSpec, field: string, text: Evaluate): SetSpec {
  return {
    ...(set.name ? { name: text(`${field}.name`, set.name) } : {}),
    ...(set.value ? { value: text(`${field}.value`, set.value) } : {}),
    ...(set.file ? { file: text(`${field}.file`, set.file) } : {}),
    ...(set.values ? { values: set.values.map((value, i) => textOnly(value, `${field}.values[${i}]`, text)) } : {}),
  }
}

/** `installedTemplate` and its kind become the fields they stand for. */
function withBooleans(release: ReleaseSpec): ReleaseSpec {
  const { installedTemplate, conditionTemplate, waitTemplate, verifyTemplate, ...rest } = release
  return {
    ...rest,
    ...(installedTemplate === undefined ? {} : { installed: readBoolean('installedTemplate', installedTemplate, release) }),
    ...(conditionTemplate === undefined ? {} : { condition: String(readBoolean('conditionTemplate', conditionTemplate, release)) }),
    ...(waitTemplate === undefined ? {} : { wait: readBoolean('waitTemplate', waitTemplate, release) }),
    ...(verifyTemplate === undefined ? {} : { verify: readBoolean('verifyTemplate', verifyTemplate, release) }),
  }
}

function readBoolean(field: string, text: string, release: ReleaseSpec): boolean {
  const source: Source = { name: `release "${release.name}".${field}`, text }
  const root = parseText(source)[0]?.root
  if (!root) return false
  const { value, diagnostics } = decodeSpec(flag, root)
  if (diagnostics.length === 0) return value === true
  throw failure('state/bad-boolean', `${field}: failed deserialising string ${text}: ${diagnostics[0]?.summary}`, whereOf(release))
}
