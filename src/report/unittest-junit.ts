import type { ChartResult, SuiteResult, TestResult } from '../unittest/test-result.ts'
import { assertionTitle } from './unittest-text.ts'
import { xmlDocument, xmlElement, xmlText } from './xml.ts'

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(3)

function outcome({ passed, skipped, error, assertions }: TestResult): readonly string[] {
  if (skipped) return [xmlElement('skipped', {}, [])]
  if (passed) return []
  if (error !== undefined) return [xmlElement('error', { message: 'Error', type: '' }, [xmlText(error)])]
  const lines = assertions.filter((assertion) => !assertion.passed).flatMap((assertion) => [assertionTitle(assertion), ...assertion.lines])
  return [xmlElement('failure', { message: 'Failed', type: '' }, [xmlText(lines.join('\n'))])]
}

function suiteElement(suite: SuiteResult): string {
  const cases = suite.tests.map((test) =>
    xmlElement('testcase', { classname: suite.name, name: test.name, time: seconds(test.milliseconds) }, outcome(test)),
  )
  const broken = suite.error === undefined ? [] : [xmlElement('system-err', {}, [xmlText(suite.error)])]
  const bad = suite.tests.filter(({ passed, skipped }) => !passed && !skipped)
  const counts = {
    tests: suite.tests.length,
    failures: bad.filter(({ error }) => error === undefined).length,
    errors: bad.filter(({ error }) => error !== undefined).length + broken.length,
    skipped: suite.tests.filter(({ skipped }) => skipped).length,
    time: seconds(suite.tests.reduce((sum, { milliseconds }) => sum + milliseconds, 0)),
  }
  return xmlElement('testsuite', { name: suite.name, ...counts }, [...cases, ...broken])
}

/** The results as a JUnit report: a test suite per suite; times in seconds. */
export function unittestReport(charts: readonly ChartResult[]): string {
  const suites = charts.flatMap((chart) => chart.suites.map(suiteElement))
  const broken = charts.flatMap(({ path, error }) =>
    error === undefined
      ? []
      : [xmlElement('testsuite', { name: path, tests: 0, failures: 0, errors: 1, skipped: 0 }, [xmlElement('system-err', {}, [xmlText(error)])])],
  )
  return xmlDocument(xmlElement('testsuites', { name: 'flotilla' }, [...suites, ...broken]))
}
