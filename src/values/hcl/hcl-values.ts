import { type DiagnosticError, failure, withNote } from '../../base/diagnostic.ts'
import type { Source } from '../../base/source.ts'
import type { GoMap, GoValue } from '../../go/values.ts'
import { evaluate } from './evaluate.ts'
import { mergeInto } from './merge-into.ts'
import { parseBlocks } from './parse-blocks.ts'
import { type Attribute, type Reference, referencesIn } from './syntax.ts'

/*
 * Values in HCL. In: the files of one list, in their order. Out: one map. What must stay true: `local.` names are those of the file
 * alone, `hv.` names those of all files, in any order; a value that several files set is merged, later files winning.
 */

/** A value as one file sets it. */
interface Definition extends Attribute {
  readonly locals: GoMap
}

/**
 * The values that HCL files set together.
 *
 * @throws DiagnosticError `values/hcl` for what is no HCL, a second `locals` block, unknown names and those that need one another
 * Source: Helmfile 1.8 pkg/hcllang/hcl_loader.go
 */
export function hclValues(sources: readonly Source[]): GoMap {
  const definitions = new Map<string, Definition[]>()
  for (const source of sources) {
    for (const definition of definitionsIn(source)) definitions.set(definition.name, [...(definitions.get(definition.name) ?? []), definition])
  }
  return resolved(definitions, 'hv')
}

/** The names that the `values` blocks of a file set. */
export function hclNames(source: Source): readonly string[] {
  return definitionsIn(source).map(({ name }) => name)
}

function definitionsIn(source: Source): readonly Definition[] {
  const blocks = parseBlocks(source, ['values', 'locals'])
  const [own, second] = blocks.filter(({ type }) => type === 'locals')
  if (second) throw failure('values/hcl', 'A file can only support exactly 1 `locals` block', { at: second.at })
  const none: GoMap = new Map()
  const locals = resolved(new Map((own?.attributes ?? []).map((attribute) => [attribute.name, [{ ...attribute, locals: none }]])), 'local')
  return blocks.filter(({ type }) => type === 'values').flatMap(({ attributes }) => attributes.map((attribute) => ({ ...attribute, locals })))
}

/** All names with their values; those that a value needs come first. */
function resolved(definitions: ReadonlyMap<string, readonly Definition[]>, root: 'hv' | 'local'): GoMap {
  const values: GoMap = new Map()
  const open: string[] = []
  const resolve = (name: string): void => {
    if (values.has(name)) return
    if (open.includes(name)) throw cycle([...open.slice(open.indexOf(name)), name], definitions)
    open.push(name)
    const own = definitions.get(name) ?? []
    for (const definition of own)
      for (const needed of needsOf(definition, root)) {
        if (!definitions.has(needed.attribute)) throw undefinedName(name, needed)
        resolve(needed.attribute)
      }
    open.pop()
    values.set(name, own.map((definition) => valueFor(definition, root, values)).reduce(mergeInto))
  }
  for (const name of definitions.keys()) resolve(name)
  return values
}

type Needed = Reference & { readonly attribute: string }

/** Inside values, locals are known already. */
function needsOf({ expression }: Definition, root: 'hv' | 'local'): readonly Needed[] {
  return referencesIn(expression)
    .filter((reference) => root === 'local' || reference.root !== 'local')
    .map((reference) => {
      const { attribute } = reference
      if (attribute !== undefined) return { ...reference, attribute }
      const summary = `Invalid reference: The "${reference.root}" object cannot be accessed directly. Instead, access it from one of its root.`
      throw failure('values/hcl', summary, { at: reference.at })
    })
}

function undefinedName(name: string, { attribute, at }: Needed): DiagnosticError {
  return failure('values/hcl', `variables "${name}" depend(s) on undefined vars "${attribute}"`, { at })
}

function cycle(names: readonly string[], definitions: ReadonlyMap<string, readonly Definition[]>): DiagnosticError {
  const at = definitions.get(names[0] as string)?.[0]?.at
  return failure('values/hcl', `error while building the DAG variable graph : cycle detected: ${names.join(' -> ')}`, at ? { at } : {})
}

function valueFor({ name, expression, locals }: Definition, root: 'hv' | 'local', values: GoMap): GoValue {
  const scope = new Map<string, GoValue>(
    root === 'local'
      ? [['local', values]]
      : [
          ['hv', values],
          ['local', locals],
        ],
  )
  try {
    return evaluate(expression, scope)
  } catch (error) {
    throw withNote(error, { text: `error when trying to evaluate variable ${name}` })
  }
}
