import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { describe, test } from 'node:test'
import { repositoryRoot } from '../support/paths.ts'

const read = (path: string): string => readFileSync(join(repositoryRoot, path), 'utf8')

const folders = readdirSync(join(repositoryRoot, 'src')).filter((name) => statSync(join(repositoryRoot, 'src', name)).isDirectory())

/** What the table of ARCHITECTURE.md says that each folder may import. */
function mayImport(): ReadonlyMap<string, readonly string[]> {
  const rows = [...read('ARCHITECTURE.md').matchAll(/^\| `(\w+)\/` \|.*\| ([^|]+) \|$/gm)]
  const named = (text: string): readonly string[] => text.match(/\w+/g) ?? []
  return new Map(
    rows.map(([, folder = '', may = '']) => {
      const text = may.replace(/\([^)]*\)/g, '')
      return [folder, text.startsWith('all but') ? folders.filter((name) => name !== folder && !named(text).includes(name)) : named(text)]
    }),
  )
}

/** `[file, imported folder]` of every import from one folder of src/ into another. */
function foreignImports(): readonly (readonly [file: string, folder: string])[] {
  const files = readdirSync(join(repositoryRoot, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => /\/.*\.ts$/.test(name))
  return files.flatMap((file) =>
    [...read(`src/${file}`).matchAll(/(?:\bfrom|\bimport\() ?'(\.[^']+)'/g)]
      .map(([, target = '']) => posix.join(dirname(file), target).split('/')[0] as string)
      .filter((folder) => folder !== file.split('/')[0])
      .map((folder) => [file, folder] as const),
  )
}

describe('ARCHITECTURE.md', () => {
  const table = mayImport()

  test('has a row for every folder of src/', () => assert.deepEqual([...table.keys()].sort(), folders.sort()))

  test('allows every import there is', () => {
    const foreign = foreignImports().filter(([file, folder]) => !table.get(file.split('/')[0] as string)?.includes(folder))
    assert.deepEqual(foreign, [])
  })

  test('says what biome.json says', () => {
    const rules = [...read('biome.json').matchAll(/"src\/(\w+) may import only: ([\w ]+) \(ARCHITECTURE\.md\)"/g)]
    const sorted = (names: readonly string[]): string => names.toSorted().join(' ')
    const ruled = rules.map(([, folder = '', may = '']) => [folder, may === 'nothing' ? '' : sorted(may.split(' '))])
    assert.deepEqual(new Map(ruled as [string, string][]), new Map([...table].map(([folder, may]) => [folder, sorted(may)])))
  })
})

interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | false
}

/** Every setting by its path; `NAME` stands for names that people choose. */
function settingsIn({ properties = {}, additionalProperties }: Schema, path: readonly string[] = []): readonly string[] {
  const named = typeof additionalProperties === 'object' && additionalProperties.properties ? { NAME: additionalProperties } : {}
  const members = Object.entries<Schema>({ ...properties, ...named })
  return members.length === 0 ? [path.join('.')] : members.flatMap(([key, member]) => settingsIn(member, [...path, key]))
}

test('docs/settings.md has a row for every setting of the schema', () => {
  const table = read('docs/settings.md').split('## ')[0] as string
  const documented = [...table.matchAll(/^\| `([\w.]+)` \|/gm)].map(([, name]) => name)
  const known = settingsIn(JSON.parse(read('schemas/settings.schema.json')) as Schema).filter((name) => name !== '$schema')
  assert.deepEqual(documented.toSorted(), known.toSorted())
})

test('pages of decisions have a number each, and are named by pages that exist', () => {
  const pages = readdirSync(join(repositoryRoot, 'docs/decisions'))
  const numbers = pages.map((page) => page.slice(0, 4))
  assert.deepEqual(numbers, [...new Set(numbers)])
  for (const page of pages) assert.match(read(`docs/decisions/${page}`), new RegExp(`^# ${Number(page.slice(0, 4))}\\. \\S`), page)
})
