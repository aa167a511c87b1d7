import { failure } from '../base/diagnostic.ts'
import type { Source } from '../base/source.ts'
import { trimSpace } from '../go/letter-case.ts'
import { matchPath } from './match-path.ts'

interface Rule {
  readonly pattern: string
  readonly negated: boolean
  readonly directoriesOnly: boolean
  /** The pattern holds a slash: it is matched against the whole path and not against the last name. */
  readonly wholePath: boolean
}

/** What a `.helmignore` file says; `isIgnored` answers for one path relative to the chart, with forward slashes. */
export interface IgnoreRules {
  isIgnored(path: string, isDirectory: boolean): boolean
}

/** Helm adds it to every folder's rules: hidden files under templates/. */
const BUILT_IN_RULE = 'templates/.?*'

function parseRule(text: string): Rule {
  const negated = text.startsWith('!')
  let pattern = negated ? text.slice(1) : text
  const directoriesOnly = pattern.endsWith('/')
  if (directoriesOnly) pattern = pattern.slice(0, -1)
  const rooted = pattern.startsWith('/')
  return { pattern: rooted ? pattern.slice(1) : pattern, negated, directoriesOnly, wholePath: rooted || pattern.includes('/') }
}

function matches(rule: Rule, path: string): boolean {
  const subject = rule.wholePath ? path : path.slice(path.lastIndexOf('/') + 1)
  return matchPath(rule.pattern, subject) ?? false
}

/** A negated rule ignores all that it does not match: that is how Helm reads `!`. */
function decides(rule: Rule, path: string, isDirectory: boolean): boolean {
  if (rule.negated) return (rule.directoriesOnly && !isDirectory) || !matches(rule, path)
  return (!rule.directoriesOnly || isDirectory) && matches(rule, path)
}

function checkRule(rule: string, source: Source, start: number): void {
  const at = { source, start, end: start + rule.length }
  if (rule.includes('**')) throw failure('chart/ignore-double-star', 'double-star (**) syntax is not supported', { at })
  if (matchPath(rule, 'abc') === undefined) throw failure('chart/ignore-pattern', 'syntax error in pattern', { at })
}

/**
 * The rules of a `.helmignore` file; of an empty source, only the built-in one (`templates/.?*`).
 *
 * @throws DiagnosticError `chart/ignore-double-star`, `chart/ignore-pattern`
 * Source: Helm 4.3.1 pkg/ignore/rules.go
 */
export function parseIgnoreRules(source: Source): IgnoreRules {
  const rules: Rule[] = []
  let start = 0
  for (const line of source.text.split('\n')) {
    const rule = trimSpace(start === 0 ? line.replace(/^\uFEFF/, '') : line)
    if (rule !== '' && !rule.startsWith('#')) {
      checkRule(rule, source, start + line.indexOf(rule))
      rules.push(parseRule(rule))
    }
    start += line.length + 1
  }
  rules.push(parseRule(BUILT_IN_RULE))
  return { isIgnored: (path, isDirectory) => rules.some((rule) => decides(rule, path, isDirectory)) }
}
