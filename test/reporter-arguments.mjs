import { join } from 'node:path'

/** How test runs report: for people as they go, in CI with the summary as the very last lines. */
export function reporterArguments() {
  const reporter = process.env.CI ? join(import.meta.dirname, 'ci-reporter.mjs') : 'spec'
  return [`--test-reporter=${reporter}`, '--test-reporter-destination=stdout']
}
