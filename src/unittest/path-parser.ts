import { compileRegexp, type Regexp } from '../go/regexp.ts'
import { GoError } from '../go/values.ts'

/** One step from a node to others. */
export type Step =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'keys'; readonly names: readonly string[] | undefined }
  | { readonly kind: 'all' | 'descend' }
  | { readonly kind: 'indexes'; readonly ranges: readonly IndexRange[] }
  | { readonly kind: 'filter'; readonly filter: Filter }

/** Some elements of a list: one, or `from:to:step`. Absent bounds are the list's own. */
export interface IndexRange {
  readonly from: number | undefined
  readonly to: number | undefined
  readonly step: number
  readonly isSingle: boolean
}

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'exists'; readonly term: FilterPath }
  | { readonly kind: 'compare'; readonly operator: Operator; readonly left: FilterTerm; readonly right: FilterTerm }
  | { readonly kind: 'match'; readonly term: FilterPath; readonly regexp: Regexp }

export type Operator = '==' | '!=' | '>' | '>=' | '<' | '<='

/** A path inside a filter: from the element at hand, or from the root. */
export interface FilterPath {
  readonly from: '@' | '$'
  readonly steps: readonly Step[]
}

export type FilterTerm = FilterPath | { readonly value: string | number | boolean | null }

const MAX_DEPTH = 100
const NAME_END = /[.[\])&|=!><~ ]/

/** Escapes gone: a backslash stands for what follows it. */
function unescaped(text: string): string {
  return text.replace(/\\(.?)/gs, '$1')
}

/** Reads paths from left to right. */
class PathReader {
  readonly text: string
  at = 0
  #depth = 0

  constructor(text: string) {
    this.text = text
  }

  get rest(): string {
    return this.text.slice(this.at)
  }

  take(word: string): boolean {
    if (!this.text.startsWith(word, this.at)) return false
    this.at += word.length
    return true
  }

  blanks(): void {
    while (this.take(' '));
  }

  fail(what: string): GoError {
    return new GoError(`${what} at position ${this.at}, following ${JSON.stringify(this.text.slice(0, this.at))}`)
  }

  steps(isFirst: boolean): readonly Step[] {
    const steps: Step[] = []
    if (isFirst && !/^[.[]/.test(this.rest) && this.rest !== '') steps.push(...this.name())
    for (;;) {
      if (this.take('..')) {
        steps.push({ kind: 'descend' })
        if (!this.rest.startsWith('[')) steps.push(...this.name())
      } else if (this.take('.')) steps.push(...this.name())
      else if (this.rest.startsWith('[')) steps.push(this.bracket())
      else return steps
    }
  }

  name(): readonly Step[] {
    if (this.take('*')) return [{ kind: 'all' }]
    const start = this.at
    while (this.at < this.text.length && !NAME_END.test(this.text[this.at] as string)) this.at += this.text[this.at] === '\\' ? 2 : 1
    if (this.at === start) throw this.fail('child name missing')
    const names = [unescaped(this.text.slice(start, this.at))]
    return [this.take('~') ? { kind: 'keys', names } : { kind: 'names', names }]
  }

  bracket(): Step {
    this.take('[')
    this.blanks()
    if (this.take('?(')) return this.filterStep()
    const quote = this.rest[0]
    return quote === "'" || quote === '"' ? this.quotedNames() : this.subscript()
  }

  quotedNames(): Step {
    const names: string[] = []
    do {
      this.blanks()
      names.push(this.quoted())
      this.blanks()
    } while (this.take(','))
    if (!this.take(']')) throw this.fail('missing ]')
    return this.take('~') ? { kind: 'keys', names } : { kind: 'names', names }
  }

  quoted(): string {
    const quote = this.text[this.at++]
    const start = this.at
    while (this.at < this.text.length && this.text[this.at] !== quote) this.at += this.text[this.at] === '\\' ? 2 : 1
    if (quote === undefined || this.at >= this.text.length) throw this.fail('unmatched quote')
    this.at++
    return unescaped(this.text.slice(start, this.at - 1))
  }

  subscript(): Step {
    const end = this.text.indexOf(']', this.at)
    if (end < 0) {
      this.at = this.text.length
      throw this.fail('unmatched [')
    }
    const inside = this.text.slice(this.at, end).trim()
    this.at = end + 1
    if (inside === '*') return this.take('~') ? { kind: 'keys', names: undefined } : { kind: 'all' }
    return { kind: 'indexes', ranges: inside.split(',').map((part) => this.range(part, inside)) }
  }

  range(part: string, inside: string): IndexRange {
    const invalid = (why: string): GoError => new GoError(`invalid array index [${inside}] before position ${this.at}: ${why}`)
    const bounds = part.split(':').map((bound) => bound.trim())
    if (bounds.length > 3) throw invalid('malformed array index, too many colons')
    if (bounds.some((bound) => bound !== '' && !/^[+-]?[0-9]{1,15}$/.test(bound))) throw invalid('non-integer array index')
    const [from, to, step] = bounds.map((bound) => (bound === '' ? undefined : Number(bound)))
    if (bounds.length === 1 && from === undefined) throw invalid('array index missing')
    if (step === 0) throw invalid('array index step value must be non-zero')
    return { from, to, step: step ?? 1, isSingle: bounds.length === 1 }
  }

  filterStep(): Step {
    const filter = this.either()
    this.blanks()
    if (!this.take(')')) throw this.fail('missing end of filter')
    this.blanks()
    if (!this.take(']')) throw this.fail('missing ]')
    return { kind: 'filter', filter }
  }

  either(): Filter {
    if (++this.#depth > MAX_DEPTH) throw this.fail('filter too deep')
    let left = this.both()
    this.blanks()
    while (this.take('||')) {
      left = { kind: 'or', left, right: this.both() }
      this.blanks()
    }
    this.#depth--
    return left
  }

  both(): Filter {
    let left = this.basic()
    this.blanks()
    while (this.take('&&')) {
      left = { kind: 'and', left, right: this.basic() }
      this.blanks()
    }
    return left
  }

  basic(): Filter {
    this.blanks()
    if (this.take('!')) {
      if (++this.#depth > MAX_DEPTH) throw this.fail('filter too deep')
      return { kind: 'not', filter: this.basic() }
    }
    if (this.take('(')) return this.bracketed()
    const left = this.term()
    this.blanks()
    if (this.take('=~')) return this.match(left)
    const operator = (['==', '!=', '>=', '<=', '>', '<'] as const).find((one) => this.take(one))
    if (operator) {
      this.blanks()
      return { kind: 'compare', operator, left, right: this.term() }
    }
    if ('from' in left) return { kind: 'exists', term: left }
    return { kind: 'constant', value: left.value === true }
  }

  bracketed(): Filter {
    const filter = this.either()
    this.blanks()
    if (!this.take(')')) throw this.fail('missing )')
    return filter
  }

  match(term: FilterTerm): Filter {
    this.blanks()
    if (!('from' in term) || !this.take('/')) throw this.fail('regular expression does not have a leading /')
    const start = this.at
    while (this.at < this.text.length && this.text[this.at] !== '/') this.at += this.text[this.at] === '\\' ? 2 : 1
    if (this.at >= this.text.length) throw this.fail('missing regular expression delimiter')
    const source = this.text.slice(start, this.at++).replaceAll('\\/', '/')
    return { kind: 'match', term, regexp: compileRegexp(source) }
  }

  term(): FilterTerm {
    const from = this.rest[0]
    if (from === '@' || from === '$') {
      this.at++
      return { from, steps: this.steps(false) }
    }
    if (from === "'" || from === '"') return { value: this.quoted() }
    const [literal] = /^(?:true|false|null|[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/.exec(this.rest) ?? []
    if (literal === undefined) throw this.fail('missing filter term')
    this.at += literal.length
    if (literal === 'null') return { value: null }
    return { value: literal === 'true' || literal === 'false' ? literal === 'true' : Number(literal) }
  }
}

const known = new Map<string, readonly Step[]>()
const MAX_KNOWN = 2000

/**
 * The steps of a path such as `spec.ports[?(@.name == "http")].port`.
 *
 * @throws GoError that says what is wrong and where
 * Source: helm-unittest/yaml-jsonpath 0.4.0 README.md (syntax)
 */
export function parsePath(text: string): readonly Step[] {
  const found = known.get(text)
  if (found) return found
  const reader = new PathReader(text)
  const steps = reader.steps(!reader.take('$'))
  if (reader.at < text.length) throw reader.fail('invalid character')
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(text, steps)
  return steps
}
