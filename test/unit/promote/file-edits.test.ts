import assert from 'node:assert/strict'
import { lstatSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { nodeHost } from '../../../src/base/host-node.ts'
import { FileEdits, writeAll } from '../../../src/promote/file-edits.ts'

describe('files that are promoted', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'flotilla-promote-'))
  const host = nodeHost({ cwd })
  after(() => rmSync(cwd, { recursive: true, force: true }))
  const put = (name: string, text: string | Uint8Array, mode = 0o644): string => {
    writeFileSync(join(cwd, name), text, { mode })
    return join(cwd, name)
  }

  it('are read as they will be, before they are written', () => {
    const path = put('a.yaml', 'a: 1\n')
    const edits = new FileEdits(host)
    edits.set('a.yaml', 'a: 2\n')
    assert.equal(edits.host().fs.readText('a.yaml'), 'a: 2\n')
    assert.equal(Buffer.from(edits.host().fs.readFile(path)).toString(), 'a: 2\n')
    assert.equal(readFileSync(path, 'utf8'), 'a: 1\n')
    edits.set(path, 'a: 1\n')
    assert.deepEqual(edits.changed(), [])
  })

  it('are left alone when they are not UTF-8', () => {
    put('latin.yaml', Buffer.from([0x61, 0x3a, 0x20, 0xe4]))
    assert.equal(new FileEdits(host).textOf('latin.yaml'), undefined)
  })

  it('keep their permissions and stay links', () => {
    const real = put('real.yaml', 'x: 1\n', 0o600)
    symlinkSync(real, join(cwd, 'link.yaml'))
    writeAll(host, [{ path: join(cwd, 'link.yaml'), before: 'x: 1\n', after: 'x: 2\n' }])
    assert.equal(readFileSync(real, 'utf8'), 'x: 2\n')
    assert.equal(statSync(real).mode & 0o777, 0o600)
    assert.ok(lstatSync(join(cwd, 'link.yaml')).isSymbolicLink())
  })

  it('are all put back when one cannot be written', () => {
    const files = ['1.yaml', '2.yaml', '3.yaml'].map((name) => ({ path: put(name, 'v: old\n'), before: 'v: old\n', after: 'v: new\n' }))
    const failing = {
      fs: {
        ...host.fs,
        writeFile: (path: string, data: Uint8Array | string) => {
          if (path.endsWith('3.yaml')) throw new Error('no space left')
          host.fs.writeFile(path, data)
        },
      },
    }
    assert.throws(() => writeAll(failing, files), /3\.yaml cannot be written, so nothing was changed/)
    for (const { path } of files) assert.equal(readFileSync(path, 'utf8'), 'v: old\n')
  })

  it('are not written when somebody else changed one', () => {
    const files = ['p.yaml', 'q.yaml'].map((name) => ({ path: put(name, 'v: old\n'), before: 'v: old\n', after: 'v: new\n' }))
    put('q.yaml', 'v: other\n')
    assert.throws(() => writeAll(host, files), /promote\/changed-meanwhile/)
    assert.equal(readFileSync(join(cwd, 'p.yaml'), 'utf8'), 'v: old\n')
  })
})
