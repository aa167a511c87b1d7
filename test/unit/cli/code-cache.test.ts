import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { nodeHost } from '../../../src/base/host-node.ts'
import { type LoadedProgram, loadProgram } from '../../../src/cli/code-cache.ts'

const PROGRAM = `
exports.double = (n) => 2 * n
exports.place = __filename
exports.joined = require('node:path').posix.join('a', 'b')
exports.load = () => importPackage('p-limit')
`

describe('a program with its compiled code', () => {
  const { fs } = nodeHost()
  let folder: string
  let cache: string
  const load = (kept: string | undefined = cache): LoadedProgram => loadProgram(fs, join(folder, 'program.cjs'), kept)
  const double = ({ exports }: LoadedProgram): number => (exports['double'] as (n: number) => number)(21)

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'flotilla-code-'))
    cache = join(folder, 'cache/code')
    writeFileSync(join(folder, 'program.cjs'), PROGRAM)
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('runs as a CommonJS file does, the first time and later', async () => {
    for (const known of [[], ['list']]) {
      const program = load()
      assert.deepEqual(program.known, known)
      const { exports } = program
      assert.equal(exports['place'], join(folder, 'program.cjs'))
      assert.equal(exports['joined'], 'a/b')
      assert.equal(typeof (await (exports['load'] as () => Promise<typeof import('p-limit')>)()).default, 'function')
      program.keep('list')
    }
  })

  it('finds what an earlier run has kept, and adds to it', () => {
    const first = load()
    assert.deepEqual([double(first), first.known], [42, []])
    first.keep('list')
    const second = load()
    assert.deepEqual([double(second), second.known], [42, ['list']])
    second.keep('template')
    assert.deepEqual(load().known, ['list', 'template'])
    assert.equal(statSync(cache).mode & 0o777, 0o600)
  })

  for (const [what, change] of [
    ['that others may write', (path: string) => chmodSync(path, 0o620)],
    [
      'with a changed byte',
      (path: string) =>
        writeFileSync(
          path,
          readFileSync(path).map((byte, i, all) => (i === all.length - 9 ? byte ^ 1 : byte)),
        ),
    ],
    ['that was cut off', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 200))],
    ['that is empty', (path: string) => writeFileSync(path, '')],
  ] as const) {
    it(`leaves alone a file ${what}`, () => {
      load().keep('list')
      change(cache)
      const program = load()
      assert.deepEqual([double(program), program.known], [42, []])
    })
  }

  it('compiles anew for another text', () => {
    load().keep('list')
    writeFileSync(join(folder, 'program.cjs'), `${PROGRAM}exports.more = 1\n`)
    assert.deepEqual(load().known, [])
  })

  it('works where nothing can be written', () => {
    writeFileSync(join(folder, 'cache'), 'a file, not a folder')
    const program = load()
    program.keep('list')
    assert.deepEqual([double(load()), load().known], [42, []])
  })

  it('keeps nothing without a place', () => {
    const program = loadProgram(fs, join(folder, 'program.cjs'), undefined)
    program.keep('list')
    assert.deepEqual([double(program), program.known], [42, []])
  })
})
