import { glob } from '../base/glob.ts'
import type { Host } from '../base/host.ts'
import type { Source } from '../base/source.ts'
import { GoError, type GoFunction, type GoValue } from '../go/values.ts'
import { type CompiledTemplate, compileTemplate, Engine } from '../template/engine.ts'
import { fixed } from '../template/functions/signature.ts'
import type { Piece, Trace, TracedOutput } from '../template/trace.ts'
import { helmfileFunctions } from './functions/table.ts'
import { lazilyRenderedSource, renderedSource } from './rendered-source.ts'
import { withOwnValues } from './template-data.ts'
import { joinPath } from './working-folder.ts'

/** Renders the texts of one folder: its files and commands are what templates reach by relative paths. */
export interface TextRenderer {
  /**
   * The text of `source` with its expressions evaluated over `data`; missing keys are errors.
   * @throws DiagnosticError `template/*`
   */
  readonly render: (source: Source, data: GoValue) => string
  /** As `render`, as a source whose places lead back to `source`. */
  readonly renderSource: (source: Source, data: GoValue) => Source
  /**
   * As `renderSource`, for texts of which few are ever looked into: where places are asked for, the text is rendered again. A text
   * that runs commands is not; its places stay in what was rendered.
   */
  readonly renderDocument: (source: Source, data: GoValue) => Source
}

/** True when a text holds template actions at all. */
export function hasActions(text: string): boolean {
  return text.includes('{{')
}

const renderers = new WeakMap<Host, Map<string, TextRenderer>>()

/** The renderer for the folder `basePath`, seen from the host's working folder. Made once per host and folder. */
export function textRenderer(host: Host, basePath: string): TextRenderer {
  const known = renderers.get(host) ?? new Map<string, TextRenderer>()
  renderers.set(host, known)
  const found = known.get(basePath) ?? makeRenderer(host, basePath)
  known.set(basePath, found)
  return found
}

/** Functions that change what they are given, or may run a template that does. */
const CHANGES = /\b(?:set|unset|setValueAtPath|merge\w*|mustMerge\w*|include|template|tpl)\b/

/** What `source` may change without anyone else seeing it. */
function ownData(source: Source, data: GoValue): GoValue {
  return CHANGES.test(source.text) ? withOwnValues(data) : data
}

/** Functions that run commands, those of secret stores too. */
const COMMANDS = /\b(?:exec|envExec|fetchSecretValue|expandSecretRefs|include|tpl)\b/

const MAX_COMPILED = 5_000
/** How often one name may be included inside itself. Source: Helmfile 1.8 pkg/tmpl/context_tmpl.go */
const MAX_INCLUDE_DEPTH = 1_000

function makeRenderer(host: Host, basePath: string): TextRenderer {
  const compiled = new Map<string, CompiledTemplate>()
  let shared: Engine | undefined
  let isBusy = false

  const compile = (source: Source): CompiledTemplate => {
    const key = `${source.name}\0${source.text}`
    const known = compiled.get(key)
    if (known) return known
    if (compiled.size >= MAX_COMPILED) compiled.clear()
    const made = compileTemplate(source, names)
    compiled.set(key, made)
    return made
  }
  const renderShared = (source: Source, data: GoValue): string => {
    if (!hasActions(source.text)) return source.text
    const template = compile(source)
    shared ??= makeEngine()
    // Texts that define templates must not leave them behind, and one engine runs one text at a time.
    if (isBusy || template.bodies.size > 1) return ownEngine(shared).executeText(template, data)
    isBusy = true
    try {
      return shared.executeText(template, data)
    } finally {
      isBusy = false
    }
  }
  const functions: ReadonlyMap<string, GoFunction> = helmfileFunctions(host, basePath, (text, data) => renderShared({ name: 'tpl', text }, data))
  const names = new Set([...functions.keys(), 'include'])
  const render = (source: Source, data: GoValue): string => renderShared(source, ownData(source, data))
  const trace = (source: Source, data: GoValue): TracedOutput => {
    const outputs: TracedOutput[] = []
    const text = makeEngine({ outputs }).executeText(compile(source), ownData(source, data))
    return outputs.at(-1) ?? { name: source.name, text, pieces: [] }
  }
  const renderSource = (source: Source, data: GoValue): Source => {
    if (!hasActions(source.text)) return source
    const { text, pieces } = trace(source, data)
    return renderedSource(`${source.name} (rendered)`, text, pieces)
  }
  const renderDocument = (source: Source, data: GoValue): Source => {
    if (!hasActions(source.text)) return source
    const text = render(source, data)
    const again = (): readonly Piece[] => {
      const { text: second, pieces } = trace(source, data)
      return second === text ? pieces : []
    }
    return lazilyRenderedSource(`${source.name} (rendered)`, text, COMMANDS.test(source.text) ? () => [] : again)
  }
  const makeEngine = (trace?: Trace): Engine => {
    const engine = new Engine({ functions, missingKey: 'error', rootName: 'stringTemplate', ...(trace && { trace }) })
    for (const helper of helperFiles(host, basePath)) engine.add(compile(helper))
    return withInclude(engine)
  }
  return { render, renderSource, renderDocument }
}

function ownEngine(shared: Engine): Engine {
  return withInclude(shared.clone())
}

function withInclude(engine: Engine): Engine {
  const depths = new Map<string, number>()
  const include = (name: string, data: GoValue): GoValue => {
    const depth = depths.get(name) ?? 0
    if (depth > MAX_INCLUDE_DEPTH) throw new GoError(`rendering template has a nested reference name: ${name}: unable to execute template`)
    depths.set(name, depth + 1)
    try {
      return engine.execute(name, data)
    } finally {
      depths.set(name, depth)
    }
  }
  engine.setFunctions(new Map([['include', fixed(['string', 'interface {}'], include)]]))
  return engine
}

/** The folder's `_*.tpl` files, whose templates every text of the folder may call. */
function helperFiles(host: Host, basePath: string): readonly Source[] {
  return glob(host.fs, joinPath(basePath, '_*.tpl')).map((name) => ({ name, text: host.fs.readText(name) }))
}
