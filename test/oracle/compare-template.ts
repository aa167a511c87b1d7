import { nodeHost } from '../../src/base/host-node.ts'
import { coalesceValues } from '../../src/chart/coalesce-values.ts'
import { loadChart } from '../../src/chart/load-chart.ts'
import { offlineCapabilities } from '../../src/render/capabilities.ts'
import { renderTemplates } from '../../src/render/render-templates.ts'
import { missingParts } from '../support/helm-error.ts'
import type { Answer, Oracle, Question } from './helm-engine.ts'

/** Causes in the words of Go's runtime and of its YAML library: failing is enough. */
const GO_WORDING = /runtime error: |interface conversion: |error converting YAML to JSON: yaml: |reflect: /

const host = nodeHost({ cwd: '/', env: { TZ: 'UTC' } })
const release = { name: 'rel', namespace: 'ns', isUpgrade: false, revision: 1 }

async function render(question: Extract<Question, { template: string }>): Promise<Answer> {
  const files = {
    'Chart.yaml': 'apiVersion: v2\nname: t\nversion: 0.1.0\n',
    'values.yaml': question.values ?? '',
    'templates/x.yaml': question.template,
    ...(question.defines === undefined ? {} : { 'templates/_helpers.tpl': question.defines }),
    ...question.files,
  }
  try {
    const chart = await loadChart(host, { files })
    const values = coalesceValues(chart, new Map(), () => undefined)
    return { output: renderTemplates(chart, values, { host, release, capabilities: offlineCapabilities() }).get('t/templates/x.yaml') ?? '' }
  } catch (error) {
    return { output: '', error: (error as Error).message }
  }
}

/** Bytes that are no UTF-8 are lone surrogates in our strings; Go's JSON writes U+FFFD for each. */
function asJson(text: string): string {
  return Buffer.from(text).toString()
}

/** What differs between two answers, or undefined; `fold` takes out of both outputs what is not to count. */
export function difference(helm: Answer, ours: Answer, fold: (text: string) => string = (text) => text): string | undefined {
  if (helm.error === undefined) {
    if (ours.error !== undefined) return `Helm prints ${JSON.stringify(helm.output)}, ours fails: ${ours.error}`
    return fold(helm.output) === fold(asJson(ours.output))
      ? undefined
      : `Helm prints ${JSON.stringify(helm.output)}, ours prints ${JSON.stringify(ours.output)}`
  }
  if (ours.error === undefined) return `Helm fails: ${helm.error}, ours prints ${JSON.stringify(ours.output)}`
  if (GO_WORDING.test(helm.error)) return undefined
  const missing = missingParts(helm.error, asJson(ours.error))
  return missing.length === 0 ? undefined : `Helm says ${JSON.stringify(missing)}, ours says ${ours.error}`
}

/**
 * Helm goes through maps in another order each time: subcharts, keys that JSON cannot hold. Up to eight entries come in the order of
 * their making more often than not, so that so many other orders in a row are out of the question.
 */
const ATTEMPTS = 60

/** What differs between each of Helm's answers and ours, or undefined where one of them does not. */
export async function everDiffers(ask: () => Promise<Answer>, compare: (helm: Answer) => string | undefined): Promise<string | undefined> {
  let found: string | undefined
  for (let i = 0; i < ATTEMPTS; i++) {
    found = compare(await ask())
    if (found === undefined) return undefined
  }
  return found
}

/** Addresses are others in each run. */
function withoutAddresses(text: string): string {
  return text.replace(/0x[0-9a-f]{9,12}\b/g, '0xc000012345')
}

/** What differs between Helm and ours in one template, or undefined. */
export async function compareTemplate(helm: Oracle, question: Extract<Question, { template: string }>): Promise<string | undefined> {
  const ours = await render(question)
  return everDiffers(
    () => helm.ask(question),
    (answer) => difference(answer, ours, withoutAddresses),
  )
}
