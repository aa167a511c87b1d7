import { DiagnosticError } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Chart, ChartFile } from '../chart/chart.ts'
import { stringFromBytes } from '../go/bytes.ts'
import { compareBytes, type GoFunction, type GoMap } from '../go/values.ts'
import { type CompiledTemplate, compileTemplate, Engine, TemplateError } from '../template/engine.ts'
import { helmFunctions } from '../template/functions/table.ts'
import type { TemplateLimits } from '../template/limits.ts'
import type { Capabilities } from './capabilities.ts'
import { endlessIncludes, outsideFunctions, ROOT_TEMPLATE, templateCalls, withoutNoValue } from './late-functions.ts'
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
}

/** Compiled templates of chart files by path, kept as long as the file: a chart rendered again does not compile again. */
const compiledFiles = new WeakMap<ChartFile, Map<string, CompiledTemplate>>()

/** Texts given to `tpl`, compiled; the same few come again and again. */
const compiledTexts = new Map<string, CompiledTemplate>()
const MAX_COMPILED_TEXTS = 2000

function compileFile(path: string, file: ChartFile, isFunction: (name: string) => boolean): CompiledTemplate {
  const byPath = compiledFiles.get(file) ?? new Map<string, CompiledTemplate>()
  compiledFiles.set(file, byPath)
  const known = byPath.get(path)
  if (known) return known
  const compiled = compileTemplate({ name: path, text: stringFromBytes(file.data) }, isFunction)
  byPath.set(path, compiled)
  return compiled
}

function compileText(name: string, text: string, isFunction: (name: string) => boolean): CompiledTemplate {
  const known = compiledTexts.get(text)
  if (known) return known
  const compiled = compileTemplate({ name, text }, isFunction)
  if (compiledTexts.size >= MAX_COMPILED_TEXTS) compiledTexts.clear()
  compiledTexts.set(text, compiled)
  return compiled
}

function depthOf(path: string): number {
  return path.split('/').length
}

/** The order in which Helm parses and runs templates: deep ones first, later names first. */
function inHelmOrder(paths: Iterable<string>): readonly string[] {
  return [...paths].sort((a, b) => depthOf(b) - depthOf(a) || compareBytes(b, a))
}

function makeEngine(context: RenderContext): { readonly engine: Engine; readonly isFunction: (name: string) => boolean } {
  const functions = new Map<string, GoFunction>([
    ...helmFunctions(context.host),
    ...outsideFunctions({ lookup: context.lookup, hosts: context.hosts }),
  ])
  const isFunction = (name: string): boolean => functions.has(name) || name === 'include' || name === 'tpl'
  const engine = new Engine({
    functions,
    missingKey: 'zero',
    rootName: ROOT_TEMPLATE,
    endlessCalls: endlessIncludes,
    ...(context.limits ? { limits: context.limits } : {}),
  })
  const compile = (name: string, text: string): CompiledTemplate => compileText(name, text, isFunction)
  engine.setFunctions(templateCalls(engine, { compile, included: new Map() }))
  return { engine, isFunction }
}

function addTemplate(engine: Engine, { path, file }: Renderable, isFunction: (name: string) => boolean): void {
  try {
    engine.add(compileFile(path, file, isFunction))
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
  const { engine, isFunction } = makeEngine(context)
  const order = inHelmOrder(templates.keys())
  for (const path of order) addTemplate(engine, templates.get(path) as Renderable, isFunction)
  const rendered = new Map<string, string>()
  for (const path of order) {
    if (!path.slice(path.lastIndexOf('/') + 1).startsWith('_')) rendered.set(path, run(engine, templates.get(path) as Renderable))
  }
  return rendered
}
