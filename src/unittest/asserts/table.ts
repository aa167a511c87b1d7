import type { AssertionInput, AssertionKind, Verdict } from './assertion-kind.ts'
import { contains, isSubset, lengthEqual } from './content.ts'
import { containsDocument, hasDocuments } from './documents.ts'
import { equal, equalRaw } from './equality.ts'
import { failedTemplate } from './failed-template.ts'
import { greaterOrEqual, lessOrEqual } from './order.ts'
import { matchRegex, matchRegexRaw } from './pattern.ts'
import { exists, isApiVersion, isKind, isNullOrEmpty, isType } from './shape.ts'
import { matchSnapshot, matchSnapshotRaw } from './snapshot.ts'

type Judge = (input: AssertionInput) => Verdict

/** One that has no opposite of its own. */
const single = (name: string, judge: Judge): readonly (readonly [string, AssertionKind])[] => [[name, { judge }]]

/** One with a name for its opposite. */
const pair = (name: string, opposite: string, judge: Judge): readonly (readonly [string, AssertionKind])[] => [
  [name, { judge }],
  [opposite, { judge, isOpposite: true }],
]

/** Every assertion by its key in a suite. Source: helm-unittest 1.1.2 pkg/unittest/assertion.go (assertTypeMapping) */
export const assertionKinds: ReadonlyMap<string, AssertionKind> = new Map([
  ...single('matchSnapshot', matchSnapshot),
  ...single('matchSnapshotRaw', matchSnapshotRaw),
  ...pair('equal', 'notEqual', equal),
  ...pair('equalRaw', 'notEqualRaw', equalRaw),
  ...pair('greaterOrEqual', 'notGreaterOrEqual', greaterOrEqual),
  ...pair('lessOrEqual', 'notLessOrEqual', lessOrEqual),
  ...pair('exists', 'notExists', exists),
  ...pair('isNotNull', 'isNull', exists),
  ...pair('matchRegex', 'notMatchRegex', matchRegex),
  ...pair('matchRegexRaw', 'notMatchRegexRaw', matchRegexRaw),
  ...pair('contains', 'notContains', contains),
  ...pair('isSubset', 'isNotSubset', isSubset),
  ...pair('isNullOrEmpty', 'isNotNullOrEmpty', isNullOrEmpty),
  ...pair('isEmpty', 'isNotEmpty', isNullOrEmpty),
  ...pair('isType', 'isNotType', isType),
  ...pair('lengthEqual', 'notLengthEqual', lengthEqual),
  ...single('isKind', isKind),
  ...single('isAPIVersion', isApiVersion),
  ...single('hasDocuments', hasDocuments),
  ...single('containsDocument', containsDocument),
  ['failedTemplate', { judge: failedTemplate, expectsFailure: true }],
  ['notFailedTemplate', { judge: failedTemplate, isOpposite: true }],
])
