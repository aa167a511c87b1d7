import { basename, dirname, join } from 'node:path'
import type { Chart } from '../chart/chart.ts'
import { errorText } from './render-test.ts'
import { runTest, type TestRun } from './run-test.ts'
import { SnapshotFile } from './snapshots.ts'
import type { Suite } from './suite.ts'
import type { SuiteResult, TestResult } from './test-result.ts'

/** Where the snapshots of a suite lie. */
function snapshotPath({ file, snapshotId }: Suite): string {
  const name = snapshotId === '' ? basename(file) : `${basename(file)}_${snapshotId}`
  return join(dirname(file), '__snapshot__', `${name}.snap`)
}

const NO_SNAPSHOTS = { total: 0, failed: 0, created: 0, vanished: 0 }

/** A suite that could not be run. */
export function brokenSuite({ name, file }: Pick<Suite, 'name' | 'file'>, error: unknown): SuiteResult {
  return { name, file, passed: false, skipped: false, error: errorText(error), tests: [], snapshots: NO_SNAPSHOTS }
}

/** What all suites of a run have in common. */
export interface SuiteRun extends TestRun {
  /** Write snapshots that differ. */
  readonly update: boolean
  /** Takes out of snapshots what may not be written. */
  readonly hide: (text: string) => string
}

/**
 * Runs the tests of a suite on `chart`, one after the other, and writes its snapshots where there are new ones; with `update` also
 * those that differ.
 *
 * Source: helm-unittest 1.1.2 pkg/unittest/test_suite.go (RunV3), test_runner.go (runV3SuitesOfChart)
 */
export async function runSuite(run: SuiteRun, suite: Suite, chart: Chart): Promise<SuiteResult> {
  let snapshots: SnapshotFile
  try {
    snapshots = new SnapshotFile(run.host, snapshotPath(suite), run.update)
  } catch (error) {
    return brokenSuite(suite, error)
  }
  const tests: TestResult[] = []
  for (const test of suite.tests) {
    const result = await runTest(run, suite, test, chart, snapshots.of(test.name, run.hide))
    tests.push(result)
    if (!result.passed && !result.skipped && run.failFast) break
  }
  snapshots.store(run.host)
  const passed = tests.every((test) => test.passed || test.skipped)
  const skipped = tests.length === suite.tests.length && tests.every((test) => test.skipped)
  return { name: suite.name, file: suite.file, passed, skipped, tests, snapshots: snapshots.count }
}
