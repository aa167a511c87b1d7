import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileErrorText } from '../../../src/base/file-error.ts'
import { nodeHost } from '../../../src/base/host-node.ts'

function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

test('what the system refuses is said in words', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-refused-'))
  try {
    const { fs } = nodeHost({ cwd: folder })
    writeFileSync(join(folder, 'file'), '')
    fs.makeDir('folder/in')
    for (const [act, text] of [
      [() => fs.readText('none'), `cannot open "${folder}/none": no such file or directory`],
      [() => fs.writeFile('file/x', ''), `cannot make the folder "${folder}/file": file already exists`],
      [() => fs.makeDir('file/x/y'), `cannot make the folder "${folder}/file/x/y": not a directory`],
      [() => fs.writeFile('folder', ''), `cannot write "${folder}/folder": illegal operation on a directory`],
    ] as const) {
      assert.equal(fileErrorText(thrownBy(act)), text)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a full disk has no path, and connections are no files', () => {
  const error = (message: string, fields: object): Error => Object.assign(new Error(message), fields)
  assert.equal(
    fileErrorText(error('ENOSPC: no space left on device, write', { code: 'ENOSPC', syscall: 'write' })),
    'cannot write: no space left on device',
  )
  assert.equal(fileErrorText(error('read ECONNRESET', { code: 'ECONNRESET', syscall: 'read' })), undefined)
  assert.equal(fileErrorText(error('connect ECONNREFUSED', { code: 'ECONNREFUSED', syscall: 'connect' })), undefined)
  assert.equal(fileErrorText(new Error('boom')), undefined)
  assert.equal(fileErrorText('boom'), undefined)
})
