import { failure } from '../base/diagnostic.ts'
import { stringFromBytes } from '../go/bytes.ts'
import { encodeJson } from '../go/json-encode.ts'
import { sprint } from '../go/printf.ts'
import type { GoMap } from '../go/values.ts'
import { parseSet, setFile, setJson, setLiteral, setString } from '../values/set-path.ts'
import type { SetArgument, SetKind } from './helm-arguments.ts'
import { type FileBase, fetchingOf, normalizePath } from './resolve-file.ts'
import { expandSecretRefsDecrypting } from './secret-refs.ts'
import { type ReleaseSpec, type SetSpec, whereOf } from './spec.ts'

/** The order in which Helm applies kinds, whatever order they are given in. */
const KINDS: readonly SetKind[] = ['set-json', 'set', 'set-string', 'set-file', 'set-literal']

/**
 * The release's `set`, `setString` and `env` as Helm's arguments.
 * @throws DiagnosticError `state/missing-variable`, `state/secret-*`
 * Source: Helmfile 1.8 pkg/state setFlags, setStringFlags, namespaceAndValuesFlags
 */
export async function setArguments(base: FileBase, release: ReleaseSpec): Promise<readonly SetArgument[]> {
  const given: SetArgument[] = []
  for (const set of release.set ?? []) given.push(...(await setArgument(base, set)))
  for (const set of release.setString ?? []) given.push(...(await valueArgument(base, set, 'set-string')))
  return [...given, ...environmentArguments(base, release)]
}

async function setArgument(base: FileBase, set: SetSpec): Promise<readonly SetArgument[]> {
  if (!set.value && set.file) return [{ kind: 'set-file', text: `${escaped(set.name)}=${normalizePath(base, set.file)}` }]
  return valueArgument(base, set, 'set')
}

async function valueArgument(base: FileBase, { name, value, values = [] }: SetSpec, kind: SetKind): Promise<readonly SetArgument[]> {
  if (value) return [{ kind, text: `${escaped(name)}=${escaped(sprint([await expandSecretRefsDecrypting(fetchingOf(base), value)]))}` }]
  if (values.length === 0) return []
  const strings = await Promise.all(
    values.map(async (item) => (typeof item === 'string' ? sprint([await expandSecretRefsDecrypting(fetchingOf(base), item)]) : encodeJson(item))),
  )
  return [{ kind, text: `${escaped(name)}={${strings.map(escaped).join(',')}}` }]
}

function escaped(text: string | undefined = ''): string {
  return text.replace(/[{},]/g, '\\$&')
}

function environmentArguments(base: FileBase, release: ReleaseSpec): readonly SetArgument[] {
  if (!release.env || release.env.length === 0) return []
  const missing = release.env.filter(({ value = '' }) => base.host.env[value] === undefined)
  if (missing.length > 0) {
    const names = missing.map(({ value }) => value).join(', ')
    throw failure('state/missing-variable', `environment variables not found: ${names}`, {
      ...whereOf(release),
      hint: 'set them, or remove them from env',
    })
  }
  const pairs = release.env.map(({ name, value = '' }) => `${escaped(name)}=${escaped(base.host.env[value])}`)
  return [{ kind: 'set', text: pairs.join(',') }]
}

/**
 * `tree` with all arguments applied, kind by kind in Helm's order; `tree` itself stays as it is.
 * @throws DiagnosticError `values/bad-set`, `state/missing-file`
 */
export function applySet(base: FileBase, tree: GoMap, given: readonly SetArgument[]): GoMap {
  let result: GoMap = new Map(tree)
  for (const kind of KINDS) for (const argument of given) if (argument.kind === kind) result = applyOne(base, result, argument)
  return result
}

function applyOne(base: FileBase, tree: GoMap, { kind, text }: SetArgument): GoMap {
  switch (kind) {
    case 'set-json':
      return setJson(text, tree)
    case 'set':
      return parseSet(text, tree)
    case 'set-string':
      return setString(text, tree)
    case 'set-file':
      return setFile(text, tree, (path) => readSetFile(base, path))
    case 'set-literal':
      return setLiteral(text, tree)
  }
}

function readSetFile({ host }: FileBase, path: string): string {
  if (host.fs.stat(path)?.kind !== 'file') throw failure('state/missing-file', `open ${path}: no such file or directory`)
  return stringFromBytes(host.fs.readFile(path))
}
