import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { nodeHost } from '../../../src/base/host-node.ts'

const cwd = mkdtempSync(join(tmpdir(), 'flotilla-host-'))
after(() => rmSync(cwd, { recursive: true, force: true }))
const { fs } = nodeHost({ cwd })

test('a folder tells what lies in it, links as links, by the bytes of the names', () => {
  mkdirSync(join(cwd, 'all/folder'), { recursive: true })
  for (const name of ['b', 'a', 'B', '\uffe5', '\u{1f600}']) writeFileSync(join(cwd, 'all', name), '')
  symlinkSync('a', join(cwd, 'all/link'))
  assert.deepEqual(fs.entries('all'), [
    { name: 'B', kind: 'file' },
    { name: 'a', kind: 'file' },
    { name: 'b', kind: 'file' },
    { name: 'folder', kind: 'directory' },
    { name: 'link', kind: 'link' },
    { name: '\uffe5', kind: 'file' },
    { name: '\u{1f600}', kind: 'file' },
  ])
  assert.deepEqual(
    fs.readDir('all'),
    fs.entries('all')?.map(({ name }) => name),
  )
  assert.equal(fs.entries('none'), undefined)
})

test('a file is looked at before it is read', () => {
  writeFileSync(join(cwd, 'file'), 'text')
  const seen: number[] = []
  const { data, info } = fs.openFile('file', ({ size }) => seen.push(size))
  assert.deepEqual([Buffer.from(data).toString(), info.kind, seen], ['text', 'file', [4]])
  const refuse = (): never => {
    throw new Error('refused')
  }
  assert.throws(() => fs.openFile('file', refuse), /refused/)
})

test('a path with dots is the one it stands for, whatever links it leads through', () => {
  mkdirSync(join(cwd, 'x/y'), { recursive: true })
  symlinkSync(join(cwd, 'x/y'), join(cwd, 'short'))
  writeFileSync(join(cwd, 'here'), 'here')
  assert.equal(fs.readText(`${cwd}/short/../here`), 'here')
})
