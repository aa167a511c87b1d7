import { type Conceal, concealer } from '../base/conceal.ts'
import type { Host } from '../base/host.ts'
import { placeOf } from '../base/source.ts'
import { type Plain, toPlain } from '../go/plain.ts'
import { loadState } from '../state/load-state.ts'
import type { StateRequest } from '../state/request.ts'
import { explain, MASKED } from '../values/explain.ts'
import { findRelease } from './find-release.ts'
import { releaseCharts } from './release-charts.ts'

/** One layer's word on a value. */
export interface ExplainedValue {
  readonly layer: string
  /** `file:line:column`, when known. */
  readonly place: string | undefined
  /** `(secret)` stands for what came out of an encrypted file, also inside of texts. */
  readonly value: Plain
  /** True for the layer whose value counts. */
  readonly wins: boolean
}

/** `a.b[0].c` as keys; a backslash takes the next character as it is. */
function parseValuePath(text: string): readonly string[] {
  const keys: string[] = []
  let key = ''
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string
    if (character === '\\') key += text[++i] ?? ''
    else if (character === '.' || character === '[') {
      if (key !== '') keys.push(key)
      key = ''
    } else if (character !== ']') key += character
  }
  return key === '' ? keys : [...keys, key]
}

/** `value` without what was secret before: a secret that a values template prints is one still. */
function concealed(value: Plain, conceal: Conceal): Plain {
  if (typeof value === 'string') return conceal(value)
  if (typeof value !== 'object' || value === null) return conceal(String(value)) === String(value) ? value : MASKED
  if (Array.isArray(value)) return value.map((item) => concealed(item as Plain, conceal))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, concealed(item as Plain, conceal)]))
}

/**
 * What each layer says of the value at `path` of one release, lowest layer (the chart's own values) first.
 *
 * @param name the release's name, or `namespace/name` where names repeat
 * @throws DiagnosticError `actions/no-such-release`, `actions/ambiguous-release`, and what reading values throws
 */
export async function explainValues(host: Host, request: StateRequest, name: string, path: string): Promise<readonly ExplainedValue[]> {
  const secrets: string[] = []
  const onSecrets = (values: readonly string[]): void => {
    secrets.push(...values)
    request.onSecrets?.(values)
  }
  const state = await loadState(host, { ...request, selection: 'matching', onSecrets })
  const release = findRelease(
    state.files.flatMap((file) => file.selected),
    name,
  )
  const chart = await releaseCharts(host)(release)
  const defaults = { name: 'chart defaults', tree: chart.values, secret: false, placeOf: () => undefined }
  const layers = [defaults, ...(await release.layers())]
  const conceal = concealer(secrets, () => MASKED)
  return explain(layers, parseValuePath(path)).map((item) => ({
    layer: item.layer,
    place: item.at && placeOf(item.at),
    value: concealed(toPlain(item.value), conceal),
    wins: item.wins,
  }))
}
