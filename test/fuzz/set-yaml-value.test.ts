import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { DiagnosticError } from '../../src/base/diagnostic.ts'
import { fromPlain, toPlain } from '../../src/go/plain.ts'
import type { GoMap, GoValue } from '../../src/go/values.ts'
import { leafValues } from '../../src/promote/leaf-values.ts'
import type { ValuePath } from '../../src/promote/path-pattern.ts'
import { setYamlValue, withValue } from '../../src/promote/set-yaml-value.ts'
import { decodeYaml } from '../../src/yaml/decode.ts'
import { encodeYaml } from '../../src/yaml/encode.ts'
import { skipWithout, unpackedCorpus } from '../support/corpus.ts'

const NEW_VALUE = '9.8.7-promoted'

/** Lines of `after` that are not lines of `before` in its order, and the other way round. */
function differingLines(before: string, after: string): { readonly gone: number; readonly come: number } {
  const [a, b] = [before.split('\n'), after.split('\n')]
  let start = 0
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  return { gone: a.length - start - end, come: b.length - start - end }
}

function checkEdit(text: string, tree: GoMap, path: ValuePath, value: GoValue): boolean {
  const edit = setYamlValue({ name: 'v.yaml', text }, path, value)
  if (edit.refused !== undefined) return false
  assert.deepEqual(toPlain(decodeYaml({ name: 'v.yaml', text: edit.text }, 'helm')), toPlain(withValue(tree, path, value)))
  const { gone, come } = differingLines(text, edit.text)
  assert.ok(gone <= 1 || /[|>"']/.test(text), `${gone} lines went`)
  assert.ok(come <= Math.max(1, path.length), `${come} lines came`)
  return true
}

const key = fc.oneof(fc.constantFrom('image', 'tag', 'a.b', 'yes', '0', 'x y', '*'), fc.string({ minLength: 1, maxLength: 5 }))
const scalar = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom('1.20', '0x1f', 'null', '~', 'on', '2001-01-01', 'a: b', '# c', 'two\nlines\n'),
)
const { tree } = fc.letrec((tie) => ({
  tree: fc.dictionary(key, fc.oneof({ depthSize: 'small' }, scalar, tie('tree'), fc.array(fc.oneof(scalar, tie('tree')), { maxLength: 3 })), {
    maxKeys: 5,
  }),
}))

/** Written in the emitter's form or as JSON, with comments between the lines of the first. */
const written = fc.tuple(tree, fc.constantFrom('block', 'commented', 'flow', 'crlf')).map(([plain, form]) => {
  const value = fromPlain(plain) as GoMap
  const block = encodeYaml(value, 'helm')
  const isOneLine = !block.includes('|') && !block.includes('>')
  if (form === 'flow') return `${JSON.stringify(plain)}\n`
  if (form === 'crlf' && isOneLine) return block.replaceAll('\n', '\r\n')
  return form === 'commented' && isOneLine ? `# first\n\n${block.replaceAll('\n', ' # behind\n# between\n')}` : block
})

describe('setting values in random YAML', () => {
  it('gives the value at its place and leaves all else', () => {
    let [done, all] = [0, 0]
    fc.assert(
      fc.property(written, fc.array(key, { minLength: 1, maxLength: 3 }), scalar, fc.nat(), (text, newPath, value, pick) => {
        const before = decode(text)
        if (!before) return
        const leaves = [...leafValues(before).values()]
        const path = leaves.length > 0 && pick % 3 > 0 ? (leaves[pick % leaves.length]?.path ?? newPath) : newPath
        all++
        if (checkEdit(text, before, path, fromPlain(value))) done++
      }),
      { seed: 7_310, numRuns: 1000 },
    )
    assert.ok(done > all * 0.8, `${done} of ${all} could be written`)
  })
})

function decode(text: string): GoMap | undefined {
  try {
    const value = decodeYaml({ name: 'v.yaml', text }, 'helm')
    return value instanceof Map ? value : undefined
  } catch (error) {
    if (error instanceof DiagnosticError) return undefined
    throw error
  }
}

function yamlFiles(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  return names.filter((name) => /(?:^|\/)(?:values[^/]*|helmfile|common|prod\w*|staging|dev)\.ya?ml$/.test(name)).map((name) => join(folder, name))
}

/** At most this many places of a file, evenly spread: files of thousands of values are read again for each. */
const PLACES = 3

describe('setting values in real files', () => {
  // State files are often of several documents, where a path alone does not say which one is meant.
  for (const [archive, share] of [
    ['charts.tar.xz', 0.95],
    ['states.tar.xz', 0.7],
  ] as const) {
    it(archive, { skip: skipWithout(archive) }, () => {
      const counts = { files: 0, places: 0, done: 0 }
      for (const path of yamlFiles(unpackedCorpus(archive)).filter((file) => existsSync(file))) {
        const text = readFileSync(path, 'utf8')
        const before = decode(text)
        if (!before || text.length > 30_000) continue
        counts.files++
        const leaves = [...leafValues(before).values()]
        const step = Math.max(1, Math.floor(leaves.length / PLACES))
        const places = [...leaves.filter((_, i) => i % step === 0).map((leaf) => leaf.path), ['promoted', 'image', 'tag']]
        for (const place of places) {
          counts.places++
          if (checkEdit(text, before, place, NEW_VALUE)) counts.done++
        }
      }
      assert.ok(counts.files > 20, `${counts.files} files`)
      assert.ok(counts.done > counts.places * share, `${counts.done} of ${counts.places} in ${counts.files} files could be written`)
      if (process.env['FLOTILLA_VERBOSE']) console.log(counts)
    })
  }
})
