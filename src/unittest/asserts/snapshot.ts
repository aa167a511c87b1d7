import type { GoMap } from '../../go/values.ts'
import type { Compared, SnapshotPatterns } from '../snapshots.ts'
import { type AssertionInput, parameter, textParameter, type Verdict } from './assertion-kind.ts'
import { eachDocument, eachValue, type Lines } from './each-value.ts'
import { expectationLines, type FailPlace, shownYaml, unifiedDiff } from './fail-lines.ts'
import { RAW, uniform } from './uniform.ts'

function patternsIn(parameters: GoMap): SnapshotPatterns {
  const pattern = (name: string): string => {
    const given = parameter(parameters, name)
    return given instanceof Map ? textParameter(given, 'pattern').trim() : ''
  }
  return { match: pattern('matchRegex'), notMatch: pattern('notMatchRegex') }
}

function shown({ index, cached, fresh }: Compared, negative: boolean): { readonly words: string; readonly expected: string } {
  return { words: ` to match snapshot ${index}`, expected: negative ? cached : unifiedDiff(cached, fresh) }
}

/** Nothing is there to be compared: that is as it was, unless the opposite is wanted. */
function withoutDocuments({ selected, negative }: AssertionInput): Verdict | undefined {
  return selected.length === 0 ? { passed: !negative, lines: [] } : undefined
}

/** `matchSnapshot`: what `path` leads to is what it was when snapshots were last written. */
export function matchSnapshot(input: AssertionInput): Verdict {
  const { parameters, negative, snapshots } = input
  const path = textParameter(parameters, 'path')
  const patterns = patternsIn(parameters)
  const lines = (compared: Compared, place: FailPlace): Lines => {
    if (compared.message !== undefined) return expectationLines({ words: compared.message, negative, expected: compared.cached }, place)
    return expectationLines({ path, ...shown(compared, negative), negative }, place)
  }
  return (
    withoutDocuments(input) ??
    eachValue(input, { noDocument: () => [] }, (value, place) => {
      const compared = snapshots.compare(shownYaml(value), patterns)
      return compared.passed === negative ? lines(compared, place) : undefined
    })
  )
}

/** `matchSnapshotRaw`: the same for the text of a template that is no YAML. */
export function matchSnapshotRaw(input: AssertionInput): Verdict {
  const { negative, snapshots } = input
  return (
    withoutDocuments(input) ??
    eachDocument(
      input,
      () => [],
      (document) => {
        const compared = snapshots.compare(shownYaml(uniform(document.get(RAW) ?? null)))
        return compared.passed === negative ? expectationLines({ ...shown(compared, negative), negative }) : undefined
      },
    )
  )
}
