import { GoInt, type GoMap } from '../../go/values.ts'
import { type AssertionInput, PASSED, parameter, textParameter, type Verdict } from './assertion-kind.ts'
import { expectationLines } from './fail-lines.ts'

/** `hasDocuments`: a template gives `count` documents; with `filterAware` only those that are meant count. */
export function hasDocuments({ documents, selected, parameters, negative }: AssertionInput): Verdict {
  const count = parameter(parameters, 'count')
  const wanted = count instanceof GoInt ? Number(count.value) : 0
  const found = (parameter(parameters, 'filterAware') === true ? selected : documents).length
  if ((found === wanted) !== negative) return PASSED
  const words = ' documents count to be'
  const lines = expectationLines({ words, negative, expected: String(wanted), ...(!negative && { actual: String(found) }) })
  return { passed: false, lines }
}

const FIELDS = ['kind', 'apiVersion', 'name', 'namespace'] as const

function fits(document: GoMap, wanted: Readonly<Record<(typeof FIELDS)[number], string>>): boolean {
  const metadata = document.get('metadata')
  const ofMetadata = (key: string): unknown => (metadata instanceof Map ? metadata.get(key) : undefined)
  const isOther = (key: string, value: string): boolean => typeof document.get(key) === 'string' && document.get(key) !== value
  if (isOther('kind', wanted.kind) || isOther('apiVersion', wanted.apiVersion)) return false
  return (['name', 'namespace'] as const).every((key) => wanted[key] === '' || ofMetadata(key) === wanted[key])
}

/** `containsDocument`: every document is of this kind, API version, name and namespace; with `any` one of them. */
export function containsDocument({ selected, parameters, negative, failFast }: AssertionInput): Verdict {
  const wanted = Object.fromEntries(FIELDS.map((field) => [field, textParameter(parameters, field)])) as Record<(typeof FIELDS)[number], string>
  const isAny = parameter(parameters, 'any') === true
  const named = [...(wanted.name ? [`Name = ${wanted.name}`] : []), ...(wanted.namespace ? [`Namespace = ${wanted.namespace}`] : [])]
  const expected = [`Kind = ${wanted.kind}, apiVersion = ${wanted.apiVersion}`, ...named].join(', ')
  const lines = (document: number): readonly string[] => expectationLines({ words: ' to contain document', negative, expected }, { document })
  if (selected.length === 0) return negative ? PASSED : { passed: false, lines: lines(0) }
  const wrong: number[] = []
  for (const [index, document] of selected.entries()) {
    if (fits(document, wanted) === negative) wrong.push(index)
    else if (isAny !== negative) return PASSED
    if (failFast && wrong.length > 0) break
  }
  return { passed: wrong.length === 0, lines: wrong.flatMap(lines) }
}
