import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc, { type Arbitrary } from 'fast-check'
import { compareChart } from './compare-chart.ts'
import { compareTemplate } from './compare-template.ts'
import { ignoreCases, metadataCases } from './random-chart-files.ts'
import { type ChartCase, chartCases } from './random-charts.ts'
import { jsonTemplates, stringTemplates, tomlTemplates, yamlTemplates } from './random-documents.ts'
import { defines, expressionTemplates, nestedTemplates, statementTemplates, valuesFiles } from './random-expressions.ts'
import { comparisonTemplates, formatTemplates } from './random-formats.ts'
import { manifestCases } from './random-manifests.ts'
import { objectFiles as files, objectTemplates } from './random-objects.ts'
import { regexTemplates, versionTemplates } from './random-patterns.ts'
import { schemaCases } from './random-schemas.ts'
import { setCases } from './random-set.ts'
import { sharingTemplates } from './random-sharing.ts'
import { syntaxTemplates } from './random-syntax.ts'
import { timeTemplates } from './random-times.ts'
import { textTemplates, urlTemplates } from './random-words.ts'
import { engineOfSuite, runs, seed, skipWithoutEngine } from './settings.ts'

/** Asserts that no case of `cases` differs; fast-check looks for the smallest that does. */
async function assertSame<T>(cases: Arbitrary<T>, count: number, compare: (one: T) => Promise<string | undefined>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(cases, async (one) => {
      assert.equal(await compare(one), undefined)
    }),
    { seed, numRuns: runs(count) },
  )
}

function templates(template: Arbitrary<string>): Arbitrary<{ readonly template: string; readonly values: string }> {
  return fc.record({ template, values: valuesFiles })
}

const VALUES = 'l: [b, 1, 2.5, null]\nm: {b: 1, a: {c: x}, z: null}\ni: 3\nf: 2.5\n'

/** Families of functions, each with a grammar for what they read. */
const FAMILIES: Readonly<Record<string, Arbitrary<string>>> = {
  syntax: syntaxTemplates,
  formats: formatTemplates,
  comparisons: comparisonTemplates,
  'regular expressions': regexTemplates,
  versions: versionTemplates,
  times: timeTemplates,
  YAML: yamlTemplates,
  JSON: jsonTemplates,
  TOML: tomlTemplates,
  strings: stringTemplates,
  URLs: urlTemplates,
  text: textTemplates,
  'shared maps': sharingTemplates,
  objects: objectTemplates,
}

/** Charts with one thing that varies, and charts with all of them. */
const CHARTS: Readonly<Record<string, Arbitrary<ChartCase>>> = {
  charts: chartCases,
  'manifests and CRDs': manifestCases,
  'Chart.yaml': metadataCases,
  '.helmignore': ignoreCases,
  schemas: schemaCases,
  'options that set values': setCases,
}

describe('Helm and ours agree on random', { skip: skipWithoutEngine }, () => {
  const engine = engineOfSuite()
  it('expressions', () => assertSame(templates(expressionTemplates), 10_000, (one) => compareTemplate(engine(), { ...one, defines, files })))
  it('statements', () => assertSame(templates(statementTemplates), 3000, (one) => compareTemplate(engine(), { ...one, defines, files })))
  it('nested templates', () => assertSame(templates(nestedTemplates), 2000, (one) => compareTemplate(engine(), { ...one, defines, files })))
  for (const [name, family] of Object.entries(FAMILIES)) {
    it(name, () => assertSame(family, 1000, (template) => compareTemplate(engine(), { template, values: VALUES, files })))
  }
  for (const [name, cases] of Object.entries(CHARTS)) it(name, () => assertSame(cases, 400, (one) => compareChart(engine(), one)))
})
