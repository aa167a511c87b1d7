import { DiagnosticError } from '../base/diagnostic.ts'
import { positionAt } from '../base/source.ts'
import { copyMap } from '../chart/coalesce-values.ts'
import { quote } from '../go/quote.ts'
import { GoError, type GoFunction, type GoMap, type GoValue } from '../go/values.ts'
import { type CompiledTemplate, type Engine, TemplateError } from '../template/engine.ts'
import { type Oracle, type Question, Unanswered } from './lookup.ts'

/** Helm's name for the template that all others belong to; texts given to `tpl` run under it. */
export const ROOT_TEMPLATE = 'gotpl'

/** How often a name may be included inside itself. */
const MAX_INCLUDES = 1000

/** What is shared by an engine and its clones during one render. */
export interface LateContext {
  readonly compile: (name: string, text: string) => CompiledTemplate
  /** How often each name is being included right now. */
  readonly included: Map<string, { depth: number }>
}

/** Helm's stand-in for what Go could not print. */
export function withoutNoValue(text: string): string {
  return text.includes('<no value>') ? text.replaceAll('<no value>', '') : text
}

function nestedTooOften(name: string): string {
  return `rendering template has a nested reference name: ${name}: unable to execute template`
}

/**
 * What `include` says of names that include one another without end: takes them one after the other up to the one that is
 * inside itself too often.
 */
export function endlessIncludes(names: Iterable<string>): string {
  const counts = new Map<string, number>()
  for (const name of names) {
    const depth = counts.get(name) ?? 0
    if (name !== ROOT_TEMPLATE && depth > MAX_INCLUDES) return nestedTooOften(name)
    counts.set(name, depth + 1)
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [ROOT_TEMPLATE]
  return nestedTooOften(most)
}

function include(engine: Engine, context: LateContext): GoFunction {
  const { included } = context
  return {
    params: ['string', 'interface {}'],
    call: (name: string, data: GoValue) => {
      const open = openIncludes(included, name)
      if (open.depth > MAX_INCLUDES) throw new GoError(nestedTooOften(name))
      open.depth++
      try {
        return engine.execute(name, data)
      } finally {
        open.depth--
      }
    },
  }
}

function openIncludes(included: LateContext['included'], name: string): { depth: number } {
  const known = included.get(name)
  if (known) return known
  const open = { depth: 0 }
  included.set(name, open)
  return open
}

/** Go's own text; errors of the parser know their line, and all texts given to `tpl` have one name. */
function goText(error: DiagnosticError): string {
  if (error instanceof TemplateError) return error.goMessage
  const [first] = error.diagnostics
  const line = first?.at ? positionAt(first.at.source, first.at.start).line : 1
  return `template: ${ROOT_TEMPLATE}:${line}: ${first?.summary ?? error.message}`
}

function wrapped(prefix: string, work: () => string): string {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    throw new GoError(`${prefix}: ${goText(error)}`, { cause: error })
  }
}

function parsed(context: LateContext, text: string): CompiledTemplate {
  try {
    return context.compile(ROOT_TEMPLATE, text)
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    throw new GoError(`cannot parse template ${quote(text)}: ${goText(error)}`, { cause: error })
  }
}

function tpl(parent: Engine, context: LateContext): GoFunction {
  return {
    params: ['string', 'interface {}'],
    call: (text: string, data: GoValue) => {
      const engine = parent.clone()
      engine.setFunctions(templateCalls(engine, context))
      const template = parsed(context, text)
      return withoutNoValue(wrapped(`error during tpl function execution for ${quote(text)}`, () => engine.executeText(template, data)))
    },
  }
}

/**
 * `include` and `tpl` bound to one engine; a text given to `tpl` runs in a clone with its own, so that its defines are seen by
 * itself only.
 *
 * Source: Helm 4.3.1 pkg/engine/engine.go (includeFun, tplFun)
 */
export function templateCalls(engine: Engine, context: LateContext): ReadonlyMap<string, GoFunction> {
  return new Map([
    ['include', include(engine, context)],
    ['tpl', tpl(engine, context)],
  ])
}

function answer(oracle: Oracle, question: Question): GoMap | string {
  const known = oracle(question)
  if (known === undefined) throw new Unanswered(question)
  return known
}

/**
 * `lookup` and `getHostByName`: with an oracle they ask it, without one nothing is there.
 *
 * Source: Helm 4.3.1 pkg/engine/lookup_func.go, engine.go (initFunMap)
 */
export function outsideFunctions(options: {
  readonly lookup?: Oracle | undefined
  readonly hosts?: Oracle | undefined
}): ReadonlyMap<string, GoFunction> {
  const { lookup, hosts } = options
  return new Map<string, GoFunction>([
    [
      'lookup',
      {
        params: ['string', 'string', 'string', 'string'],
        call: (apiVersion: string, resource: string, namespace: string, name: string) => {
          if (!lookup) return new Map<string, GoValue>()
          return copyMap(answer(lookup, { kind: 'lookup', apiVersion, resource, namespace, name }) as GoMap)
        },
      },
    ],
    ['getHostByName', { params: ['string'], call: (host: string) => (hosts ? answer(hosts, { kind: 'host', host }) : '') }],
  ])
}

/**
 * `required` and `fail` as a lint has them: they tell `told` what they miss and give an empty text.
 *
 * Source: Helm 4.3.1 pkg/engine/engine.go (initFunMap, LintMode)
 */
export function forgivingFunctions(told: (words: string) => void): ReadonlyMap<string, GoFunction> {
  return new Map<string, GoFunction>([
    [
      'required',
      {
        params: ['string', 'interface {}'],
        call: (message: string, value: GoValue) => {
          if (value !== null && value !== '') return value
          told(`missing required value: ${message}`)
          return ''
        },
      },
    ],
    [
      'fail',
      {
        params: ['string'],
        call: (message: string) => {
          told(`fail: ${message}`)
          return ''
        },
      },
    ],
  ])
}
