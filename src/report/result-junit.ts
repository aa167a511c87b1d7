import { formatDiagnostic } from '../base/diagnostic.ts'
import type { PlanResult, ReleaseResult } from '../plan/events.ts'
import { describeFinish } from './progress-lines.ts'
import { releaseName } from './release-words.ts'
import { xmlDocument, xmlElement, xmlText } from './xml.ts'

/** How a plan went as a JUnit report: a test case per release; times in seconds. */
export function formatResultReport(result: PlanResult): string {
  const count = (wanted: ReleaseResult['result']): number => result.releases.filter((release) => release.result === wanted).length
  const counts = {
    tests: result.releases.length,
    failures: count('failed'),
    errors: count('interrupted'),
    skipped: count('skipped'),
    time: seconds(result.durationMs),
  }
  const suite = xmlElement('testsuite', { name: 'releases', ...counts }, result.releases.map(releaseCase))
  return xmlDocument(xmlElement('testsuites', { name: 'flotilla', ...counts }, [suite]))
}

function releaseCase(release: ReleaseResult): string {
  return xmlElement('testcase', { classname: releaseName(release), name: release.action, time: seconds(release.durationMs) }, outcome(release))
}

function outcome(release: ReleaseResult): readonly string[] {
  const [first] = release.diagnostics
  switch (release.result) {
    case 'failed':
      return [
        xmlElement('failure', { message: first?.summary ?? 'failed', type: first?.code }, [
          xmlText(release.diagnostics.map(formatDiagnostic).join('\n')),
        ]),
      ]
    case 'interrupted':
      return [xmlElement('error', { message: 'interrupted' }, [])]
    case 'skipped':
      return [xmlElement('skipped', { message: describeFinish(release) }, [])]
    case 'done':
    case 'none':
      return [xmlElement('system-out', {}, [xmlText(`${describeFinish(release)}\n`)])]
  }
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3)
}
