import type { Plan, ReleasePlan } from '../plan/plan.ts'
import { blockerLines, formatPlan } from './plan-text.ts'
import type { PlanViewOptions } from './plan-view.ts'
import { releaseFacts } from './plan-words.ts'
import { releaseName } from './release-words.ts'
import { xmlDocument, xmlElement, xmlText } from './xml.ts'

/** The plan as a JUnit report: a test case per release, which fails where the plan cannot be carried out; differences are its output. */
export function formatPlanReport(plan: Plan, options: PlanViewOptions): string {
  const cases = plan.releases.map((release) => releaseCase(plan, release, options))
  const failures = plan.releases.filter(({ blockers }) => blockers.length > 0).length
  const counts = { tests: cases.length, failures, errors: 0, skipped: 0 }
  const suite = xmlElement('testsuite', { name: `plan for ${plan.environment}`, ...counts }, cases)
  return xmlDocument(xmlElement('testsuites', { name: 'flotilla', ...counts }, [suite]))
}

function releaseCase(plan: Plan, release: ReleasePlan, options: PlanViewOptions): string {
  const [blocker] = release.blockers
  const failed = blocker ? [xmlElement('failure', { message: blocker.summary, type: blocker.code }, [xmlText(blockerLines(release).join('\n'))])] : []
  const text = release.action === 'none' ? '' : formatPlan({ ...plan, releases: [release] }, { ...options, color: false })
  const output = text === '' ? [] : [xmlElement('system-out', {}, [xmlText(text)])]
  return xmlElement('testcase', { classname: releaseName(release), name: releaseFacts(release) }, [...failed, ...output])
}
