import { isStackOverflow } from '../base/stack-overflow.ts'
import { quote } from '../go/quote.ts'
import type { GoFunction, GoValue } from '../go/values.ts'
import { boundedFunction } from './bounded-function.ts'
import { builtinFunction } from './builtins.ts'
import type { CompiledTemplate } from './compiler.ts'
import { type Budget, newFrame, type Sink, type Surroundings, type TemplateBody } from './frame.ts'
import { LayeredTable } from './layered-table.ts'
import { defaultLimits, type TemplateLimits } from './limits.ts'
import { type PreparedFunction, prepareFunction } from './prepared-function.ts'
import { failAtStackEnd } from './stack-end.ts'
import { TemplateError } from './template-error.ts'
import type { Trace } from './trace.ts'

export { type CompiledTemplate, compileTemplate, renamedTemplate } from './compiler.ts'
export { TemplateError } from './template-error.ts'

/** How a set of templates runs. */
export interface EngineOptions {
  /** Not changed afterwards: engines made with the same table share what is made of it. */
  readonly functions: ReadonlyMap<string, GoFunction>
  /** Go's option `missingkey`. */
  readonly missingKey: 'default' | 'zero' | 'error'
  /** The name Go's root template has, which some errors show; Helm's is `gotpl`. */
  readonly rootName?: string
  readonly limits?: Partial<TemplateLimits>
  /** Milliseconds since some fixed moment, for the limit of time; absent: time has no limit. */
  readonly now?: () => number
  /**
   * What a function that executes templates says when they call one another through it without end: takes the names called,
   * outermost first, up to the one it refuses. JavaScript's stack ends long before most counters of such calls do.
   */
  readonly endlessCalls?: (names: Iterable<string>) => string
  /** Filled while templates run. */
  readonly trace?: Trace
}

/** What a clone takes over. */
interface EngineParts {
  readonly bodies: LayeredTable<TemplateBody>
  readonly functions: LayeredTable<KnownFunction>
  readonly budget: Budget
}

/**
 * A set of templates that can call one another, with the functions they can call; one per render.
 *
 * Not for use by two renders at once: a run leaves its place behind for errors. Compiled templates may be shared.
 */
export class Engine {
  readonly #options: EngineOptions
  readonly #bodies: LayeredTable<TemplateBody>
  readonly #functions: LayeredTable<KnownFunction>
  readonly #surroundings: Surroundings

  constructor(options: EngineOptions, copied?: EngineParts) {
    this.#options = options
    this.#bodies = copied?.bodies ?? new LayeredTable()
    this.#functions = copied?.functions ?? new LayeredTable(sharedTable(options.functions))
    this.#surroundings = {
      missingKey: options.missingKey,
      budget: copied?.budget ?? newBudget(options),
      endlessCalls: options.endlessCalls,
      trace: options.trace,
      body: (name) => this.#bodies.get(name),
      function: (name) => {
        const known = this.#functions.get(name)
        return known ? preparedOf(known) : builtinFunction(name)
      },
    }
  }

  /**
   * Registers the bodies of a text: its own under its name and each `define` and `block` in it. A blank body never replaces
   * another; any other replaces what was there.
   */
  add(template: CompiledTemplate): void {
    for (const [name, body] of template.bodies) {
      if (!body.isEmpty || !this.has(name)) this.#bodies.set(name, body)
    }
  }

  /** Whether a template of that name can be called. */
  has(name: string): boolean {
    return this.#bodies.get(name) !== undefined
  }

  /** Adds functions, replacing those of equal name. */
  setFunctions(functions: ReadonlyMap<string, GoFunction>): void {
    for (const [name, fn] of functions) this.#functions.set(name, { name, fn, prepared: undefined })
  }

  /**
   * The output of the template `name` over `data`.
   *
   * @throws TemplateError `template/missing` when nobody defines it, `template/exec` and others when it fails
   */
  execute(name: string, data: GoValue): string {
    const body = this.#bodies.get(name)
    if (!body) throw this.#missing(name)
    return this.#run(body, data)
  }

  /**
   * Adds `template` and runs its own body, even when that is blank and did not replace an earlier one of its name: what Go's
   * `New(name).Parse(text)` followed by `Execute` does.
   *
   * @throws TemplateError as `execute`
   */
  executeText(template: CompiledTemplate, data: GoValue): string {
    this.add(template)
    return this.#run(template.bodies.get(template.name) as TemplateBody, data)
  }

  /** An engine with the same functions and a copy of the table, so that what is added to it stays its own; limits are shared. */
  clone(): Engine {
    const { budget } = this.#surroundings
    return new Engine(this.#options, { bodies: this.#bodies.copy(), functions: this.#functions.copy(), budget })
  }

  #run(body: TemplateBody, data: GoValue): string {
    const { budget } = this.#surroundings
    const depth = budget.running.length
    if (depth === 0) renew(budget)
    const outputs = this.#options.trace?.outputs
    const sink: Sink = outputs ? { text: '', pieces: [] } : { text: '' }
    const frame = newFrame(this.#surroundings, body, sink, data ?? undefined)
    budget.running.push(body.name)
    try {
      body.run(frame, data ?? undefined)
    } catch (error) {
      if (!isStackOverflow(error)) throw error
      budget.stackEnd ??= [...budget.running]
      if (depth > 0) throw error
      failAtStackEnd(frame)
    } finally {
      budget.running.length = depth
    }
    outputs?.push({ name: body.name, text: sink.text, pieces: sink.pieces ?? [] })
    return sink.text
  }

  #missing(name: string): TemplateError {
    const goMessage = `template: no template ${quote(name)} associated with template ${quote(this.#options.rootName ?? 'gotpl')}`
    return new TemplateError({ code: 'template/missing', severity: 'error', summary: goMessage }, { goMessage, reason: goMessage })
  }
}

/** A function, made ready to be called when it is first called: most are not. */
interface KnownFunction {
  readonly name: string
  readonly fn: GoFunction
  prepared: PreparedFunction | undefined
}

function preparedOf(known: KnownFunction): PreparedFunction {
  known.prepared ??= prepareFunction(boundedFunction(known.name, known.fn))
  return known.prepared
}

/** Tables that many engines are made with; what is made of them is kept. */
const sharedTables = new WeakMap<ReadonlyMap<string, GoFunction>, ReadonlyMap<string, KnownFunction>>()

function sharedTable(functions: ReadonlyMap<string, GoFunction>): ReadonlyMap<string, KnownFunction> {
  const shared = sharedTables.get(functions)
  if (shared) return shared
  const table = new Map<string, KnownFunction>()
  for (const [name, fn] of functions) table.set(name, { name, fn, prepared: undefined })
  sharedTables.set(functions, table)
  return table
}

function newBudget({ limits, now }: EngineOptions): Budget {
  return {
    limits: { ...defaultLimits, ...limits },
    written: 0,
    iterations: 0,
    calls: 0,
    made: 0,
    now,
    startedAt: undefined,
    running: [],
    deepest: undefined,
    stackEnd: undefined,
    trail: [],
  }
}

function renew(budget: Budget): void {
  budget.written = 0
  budget.iterations = 0
  budget.calls = 0
  if (budget.now) budget.startedAt ??= budget.now()
  budget.deepest = undefined
  budget.stackEnd = undefined
  budget.trail.length = 0
}
