import { DiagnosticError } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Chart, ChartFile } from '../chart/chart.ts'
import type { HelmCompat } from '../chart/helm-compat.ts'
import { stringFromBytes } from '../go/bytes.ts'
import { compareBytes, type GoFunction, type GoMap } from '../go/values.ts'
import type { ListNode } from '../template/ast.ts'
import { type CompiledTemplate, compileTemplate, Engine, renamedTemplate, TemplateError } from '../template/engine.ts'
import type { TemplateBody } from '../template/frame.ts'
import { hostFunctions, pureFunctions } from '../template/functions/table.ts'
import type { TemplateLimits } from '../template/limits.ts'
import type { Trace, TracedOutput } from '../template/trace.ts'
import type { FunctionNames } from '../template/tree-parser.ts'
import type { Capabilities } from './capabilities.ts'
import { helmFacts } from './helm-facts.ts'
import { endlessIncludes, forgivingFunctions, outsideFunctions, ROOT_TEMPLATE, templateCalls, withoutNoValue } from './late-functions.ts'
import type { Oracle } from './lookup.ts'
import { executionError, parseError } from './render-error.ts'
import { type ReleaseInfo, type Renderable, templatesOf } from './template-data.ts'
import { asValues } from './values-object.ts'

/** What rendering needs beside chart and values. */
export interface RenderContext {
  readonly host: Pick<Host, 'now' | 'randomBytes'>
  readonly release: ReleaseInfo
  readonly capabilities: Capabilities
  /** Answers `lookup`; absent: the cluster is empty. */
  readonly lookup?: Oracle
  /** Answers `getHostByName`; absent: no host has an address. */
  readonly hosts?: Oracle
  readonly limits?: Partial<TemplateLimits>
  /** Told what `required` and `fail` would refuse, in Helm's words; they give an empty text then and rendering goes on. */
  readonly onRefusal?: (words: string) => void
  /** Filled with the bodies of the templates that were run. */
  readonly executed?: Set<ListNode>
  /** Gets what each template wrote, and before it what the templates wrote that it included. */
  readonly onTraced?: (path: string, outputs: readonly TracedOutput[]) => void
}

/** Compiled templates of chart files by path, kept as long as the file: a chart rendered again does not compile again. */
const compiledFiles = new WeakMap<ChartFile, Map<string, CompiledTemplate>>()

/** Texts given to `tpl`, compiled; the same few come again and again. */
const compiledTexts = new Map<string, CompiledTemplate>()
const MAX_COMPILED_TEXTS = 2000

/** Files with the same text, as those of library charts, share what is compiled of it. */
const compiledContents = new Map<string, CompiledTemplate>()
const MAX_CONTENTS = 1000

/** A render's functions: which there are decides whether a template compiles. */
interface Names {
  readonly functions: FunctionNames
  readonly compat: HelmCompat | undefined
}

function compileFile(path: string, file: ChartFile, { functions, compat }: Names): CompiledTemplate {
  const key = compat === undefined ? path : `${compat} ${path}`
  const byPath = compiledFiles.get(file) ?? new Map<string, CompiledTemplate>()
  compiledFiles.set(file, byPath)
  const known = byPath.get(key)
  if (known) return known
  const compiled = compileContent(path, stringFromBytes(file.data), { functions, compat })
  byPath.set(key, compiled)
  return compiled
}

function compileContent(name: string, text: string, { functions, compat }: Names): CompiledTemplate {
  const key = compat === undefined ? text : `${compat} ${text}`
  const known = compiledContents.get(key)
  // A text that has its own path in it may define a template of that name.
  if (known && !text.includes(name) && !text.includes(known.name)) return renamedTemplate(known, { name, text })
  const compiled = compileTemplate({ name, text }, functions)
  if (compiledContents.size >= MAX_CONTENTS) compiledContents.clear()
  compiledContents.set(key, compiled)
  return compiled
}

function compileText(name: string, text: string, { functions, compat }: Names): CompiledTemplate {
  const key = compat === undefined ? text : `${compat} ${text}`
  const known = compiledTexts.get(key)
  if (known) return known
  const compiled = compileTemplate({ name, text }, functions)
  if (compiledTexts.size >= MAX_COMPILED_TEXTS) compiledTexts.clear()
  compiledTexts.set(key, compiled)
  return compiled
}

/** Everything a chart file defines; nothing when no render has compiled it yet. */
export function compiledBodies(file: ChartFile): readonly TemplateBody[] {
  return [...(compiledFiles.get(file)?.values() ?? [])].flatMap(({ bodies }) => [...bodies.values()])
}

function depthOf(path: string): number {
  return path.split('/').length
}

/** The order in which Helm parses and runs templates: deep ones first, later names first. */
function inHelmOrder(paths: Iterable<string>): readonly string[] {
  const entries = Array.from(paths, (path) => ({ path, depth: depthOf(path) }))
  return entries.sort((a, b) => b.depth - a.depth || compareBytes(b.path, a.path)).map(({ path }) => path)
}

function traceOf({ executed, onTraced }: RenderContext): Trace | undefined {
  if (!executed && !onTraced) return undefined
  return { ...(executed && { executed }), ...(onTraced && { outputs: [] }) }
}

/** The functions that all renders share, by the Helm they belong to. */
const sharedFunctions = new Map<HelmCompat | undefined, ReadonlyMap<string, GoFunction>>()

function sharedFunctionsOf(compat: HelmCompat | undefined): ReadonlyMap<string, GoFunction> {
  const known = sharedFunctions.get(compat)
  if (known) return known
  const functions = withoutMissing(pureFunctions, compat)
  sharedFunctions.set(compat, functions)
  return functions
}

function withoutMissing(functions: ReadonlyMap<string, GoFunction>, compat: HelmCompat | undefined): ReadonlyMap<string, GoFunction> {
  const { missingFunctions } = helmFacts(compat)
  return missingFunctions.size === 0 ? functions : new Map([...functions].filter(([name]) => !missingFunctions.has(name)))
}

function makeEngine(context: RenderContext, trace: Trace | undefined): { readonly engine: Engine; readonly names: Names } {
  const compat = context.capabilities.helmCompat
  const functions = sharedFunctionsOf(compat)
  const outside = new Map([
    ...withoutMissing(hostFunctions(context.host), compat),
    ...outsideFunctions({ lookup: context.lookup, hosts: context.hosts }),
    ...(context.onRefusal ? forgivingFunctions(context.onRefusal) : []),
  ])
  const engine = new Engine({
    functions,
    missingKey: 'zero',
    rootName: ROOT_TEMPLATE,
    endlessCalls: endlessIncludes,
    now: () => context.host.now(),
    ...(context.limits ? { limits: context.limits } : {}),
    ...(trace ? { trace } : {}),
  })
  engine.setFunctions(outside)
  const compile = (name: string, text: string): CompiledTemplate => compileText(name, text, names)
  const calls = templateCalls(engine, { compile, included: new Map() })
  engine.setFunctions(calls)
  const tables = [functions, outside, calls]
  const names: Names = {
    functions: { has: (name) => tables.some((table) => table.has(name)), keys: () => tables.flatMap((table) => [...table.keys()]) },
    compat,
  }
  return { engine, names }
}

function addTemplate(engine: Engine, { path, file }: Renderable, names: Names): void {
  try {
    engine.add(compileFile(path, file, names))
  } catch (error) {
    throw error instanceof DiagnosticError ? parseError(path, error) : error
  }
}

function run(engine: Engine, { path, data, basePath }: Renderable): string {
  data.set(
    'Template',
    asValues(
      new Map([
        ['Name', path],
        ['BasePath', basePath],
      ]),
    ),
  )
  try {
    return withoutNoValue(engine.execute(path, data))
  } catch (error) {
    throw error instanceof TemplateError ? executionError(error) : error
  }
}

/**
 * The text of each template by path (`chart/templates/x.yaml`), partials left out, before anything is split or sorted.
 *
 * `chart` has its dependencies processed, `values` are coalesced; templates may change them. Synchronous and, but for the
 * functions that read clock, randomness, network and cluster, the same bytes every time.
 *
 * @throws RenderError with Helm's words; Unanswered when `lookup` or `hosts` has no answer yet
 * Source: Helm 4.3.1 pkg/engine/engine.go (render)
 */
export function renderTemplates(chart: Chart, values: GoMap, context: RenderContext): ReadonlyMap<string, string> {
  const templates = templatesOf(chart, values, context.release, context.capabilities)
  const trace = traceOf(context)
  const { engine, names } = makeEngine(context, trace)
  const order = inHelmOrder(templates.keys())
  for (const path of order) addTemplate(engine, templates.get(path) as Renderable, names)
  const rendered = new Map<string, string>()
  for (const path of order) {
    if (path.slice(path.lastIndexOf('/') + 1).startsWith('_')) continue
    rendered.set(path, run(engine, templates.get(path) as Renderable))
    if (trace?.outputs) context.onTraced?.(path, trace.outputs.splice(0))
  }
  return rendered
}
