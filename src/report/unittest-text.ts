import { basename, dirname, relative } from 'node:path'
import type { AssertionResult, ChartResult, SuiteResult, TestResult } from '../unittest/test-result.ts'
import { type Paint, paintFor } from './paint.ts'

/** How results are shown. */
export interface UnittestView {
  readonly color: boolean
  /** Paths of suites are shown from here. */
  readonly cwd: string
}

const indented = (level: number, text: string): string => `${'\t'.repeat(level)}${text}\n`

/** `- asserts[0] NOT `equal` fail`: which assertion failed. */
export function assertionTitle({ index, type, not }: AssertionResult): string {
  return `- asserts[${index}]${not ? ' NOT' : ''} \`${type}\` fail`
}

function assertionText(assertion: AssertionResult, paint: Paint): string {
  if (assertion.passed) return ''
  return `${indented(2, paint.removed(assertionTitle(assertion)))}${assertion.lines.map((line) => indented(3, line)).join('')}\n`
}

function testText(test: TestResult, paint: Paint): string {
  if (test.passed) return ''
  if (test.skipped) return indented(1, `${paint.strong('- ')}${paint.changed('SKIPPED')}${paint.changed(` '${test.name}'`)}`)
  if (test.error !== undefined) return `${indented(1, paint.strong(`- ${test.name}`))}${indented(2, paint.strong(`Error: ${test.error}\n`))}`
  return `${indented(1, paint.removed(`- ${test.name}\n`))}${test.assertions.map((assertion) => assertionText(assertion, paint)).join('')}`
}

function label({ skipped, passed }: SuiteResult, paint: Paint): string {
  if (skipped) return paint.changed(' SKIP ')
  return passed ? paint.added(' PASS ') : paint.removed(' FAIL ')
}

function suiteText(suite: SuiteResult, paint: Paint, { cwd }: UnittestView): string {
  const path = relative(cwd, suite.file)
  const title = `${label(suite, paint)} ${paint.strong(suite.name)}\t${paint.faint(`${dirname(path)}/`)}${basename(path)}`
  if (suite.error !== undefined) return `${title}\n${indented(1, paint.strong('- Execution Error: '))}${indented(2, `${suite.error}\n`)}`
  return `${title}\n${suite.tests.map((test) => testText(test, paint)).join('')}`
}

function chartText(chart: ChartResult, paint: Paint, view: UnittestView): string {
  const suites = chart.suites.map((suite) => suiteText(suite, paint, view)).join('')
  if (chart.error !== undefined) return `${suites}\n### ${paint.removed('Error: ')} ${chart.error}\n\n`
  const head = `\n### Chart [ ${paint.strong(chart.name)} ] ${paint.faint(chart.path)}\n\n`
  return `${head}${suites}`
}

interface Count {
  readonly passed: number
  readonly failed: number
  readonly errored: number
  readonly skipped: number
}

function countOf(
  items: readonly { readonly passed: boolean; readonly skipped?: boolean; readonly error?: string }[],
  skipCounts: 'first' | 'last',
): Count {
  const isSkipped = (item: (typeof items)[number]): boolean => item.skipped === true && (skipCounts === 'first' || !item.passed)
  const failed = items.filter((item) => !isSkipped(item) && !item.passed)
  const skipped = items.filter(isSkipped).length
  return {
    passed: items.length - failed.length - skipped,
    failed: failed.length,
    errored: failed.filter(({ error }) => error !== undefined).length,
    skipped,
  }
}

function countText({ passed, failed, errored, skipped }: Count, paint: Paint): string {
  const bad = `${failed > 0 ? paint.removed(`${failed} failed, `) : ''}${errored > 0 ? `${errored} errored, ` : ''}`
  const total = passed + failed + skipped
  return skipped > 0 ? `${bad}${passed} passed, ${skipped} skipped, ${total} total` : `${bad}${passed} passed, ${total} total`
}

function snapshotSummary(suites: readonly SuiteResult[], paint: Paint): string {
  const failed = suites.reduce((sum, { snapshots }) => sum + snapshots.failed, 0)
  if (failed === 0) return ''
  const where = suites.filter(({ snapshots, passed, skipped }) => snapshots.failed > 0 && !passed && !skipped).length
  return `\nSnapshot Summary: ${paint.removed(`${failed} snapshot failed`)} in ${where} test suite.${paint.faint(' Check changes and use `-u` to update snapshot.')}\n`
}

/**
 * What helm-unittest prints, but for the time that it took.
 *
 * Source: helm-unittest 1.1.2 pkg/unittest/test_runner.go, results
 */
export function unittestText(charts: readonly ChartResult[], view: UnittestView): string {
  const paint = paintFor(view.color)
  const suites = charts.flatMap((chart) => chart.suites)
  const snapshots = suites.map((suite) => suite.snapshots)
  const failed = snapshots.reduce((sum, one) => sum + one.failed, 0)
  const total = snapshots.reduce((sum, one) => sum + one.total, 0)
  const rows = [
    ['Charts:      ', countOf(charts, 'first')],
    ['Test Suites: ', countOf(suites, 'first')],
    [
      'Tests:       ',
      countOf(
        suites.flatMap(({ tests }) => tests),
        'last',
      ),
    ],
    ['Snapshot:    ', { passed: total - failed, failed, errored: 0, skipped: 0 }],
  ] as const
  const summary = rows.map(([title, count]) => `${title}${countText(count, paint)}\n`).join('')
  return `${charts.map((chart) => chartText(chart, paint, view)).join('')}${snapshotSummary(suites, paint)}\n${summary}`
}
