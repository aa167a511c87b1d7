import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { archiveFiles } from '../../../src/chart/archive-files.ts'
import { Budget } from '../../../src/chart/chart-files.ts'
import { DEFAULT_CHART_LIMITS } from '../../../src/chart/limits.ts'
import { TAR_CASES } from '../../support/tar-cases.ts'

type Entry = readonly [name: string, content: string, type?: 'file' | 'symlink' | 'directory']

async function archive(entries: readonly Entry[]): Promise<Uint8Array> {
  const tar = pack()
  for (const [name, content, type = 'file'] of entries) {
    if (type === 'file') tar.entry({ name, type }, content)
    else tar.entry({ name, type, ...(type === 'symlink' ? { linkname: content } : {}) })
  }
  tar.finalize()
  const parts: Uint8Array[] = []
  for await (const part of tar as unknown as AsyncIterable<Uint8Array>) parts.push(part)
  return gzipSync(Buffer.concat(parts))
}

const small = { ...DEFAULT_CHART_LIMITS, totalSize: 10_000, entries: 10 }

async function names(entries: readonly Entry[]): Promise<readonly string[]> {
  return (await archiveFiles(await archive(entries), new Budget(small))).map((file) => `${file.name}=${Buffer.from(file.data).toString()}`)
}

describe('archiveFiles', () => {
  it('drops the first segment of each path', async () => {
    assert.deepEqual(
      await names([
        ['c/Chart.yaml', 'a'],
        ['other/templates//x.yaml', 'b'],
        ['c\\win\\y', 'c'],
      ]),
      ['Chart.yaml=a', 'templates/x.yaml=b', 'win/y=c'],
    )
  })

  it('reads links as empty files and passes folders over', async () => {
    assert.deepEqual(
      await names([
        ['c/', '', 'directory'],
        ['c/link', '/etc/passwd', 'symlink'],
      ]),
      ['link='],
    )
  })

  const refused: readonly (readonly [what: string, entry: Entry, message: RegExp])[] = [
    ['a path that climbs', ['c/../../x', ''], /chart illegally references parent directory/],
    ['an absolute path', ['c//etc/passwd', ''], /chart illegally contains absolute paths/],
    ['a file at the top', ['file', ''], /chart illegally contains content outside the base directory: "file"/],
    ['a drive', ['c/d:/x', ''], /chart contains illegally named files/],
  ]
  for (const [what, entry, message] of refused) it(`refuses ${what}`, () => assert.rejects(names([entry]), { message }))

  it('refuses more than the budget, packed or not', async () => {
    const bomb = await archive([['c/x', '0'.repeat(1_000_000)]])
    assert.ok(bomb.length < 2000)
    await assert.rejects(archiveFiles(bomb, new Budget(small)), /decompressed chart is larger than the maximum size 10000/)
  })

  it('counts bombs in many pieces as one', async () => {
    const piece = gzipSync('0'.repeat(1_000_000))
    const bomb = Buffer.concat([await archive([['c/x', 'x']]), ...Array.from({ length: 50 }, () => piece)])
    await assert.rejects(archiveFiles(bomb, new Budget(small)), /decompressed chart is larger than the maximum size 10000/)
  })

  it('refuses folders without end', () =>
    assert.rejects(
      names(Array.from({ length: 200 }, (_, i) => [`c/${i}/`, '', 'directory'])),
      /decompressed chart is larger than the maximum size 10000/,
    ))

  it('refuses more files than allowed', () => {
    return assert.rejects(names(Array.from({ length: 11 }, (_, i) => [`c/${i}`, ''])), /chart holds more than 10 files/)
  })

  it('does not read behind the end of the tar', async () => {
    const data = Buffer.concat([await archive([['c/a', 'x']]), Buffer.from('garbage')])
    assert.equal((await archiveFiles(data, new Budget(small))).length, 1)
  })

  it('refuses what is cut short', async () => {
    const data = await archive([['c/a', 'x']])
    await assert.rejects(archiveFiles(data.subarray(0, data.length - 20), new Budget(small)), /unexpected EOF/)
    await assert.rejects(archiveFiles(Buffer.from('no gzip'), new Budget(small)), /unexpected EOF/)
    await assert.rejects(archiveFiles(Buffer.from('no gzip at all'), new Budget(small)), /gzip: invalid header/)
  })

  it('refuses an empty tar', () => assert.rejects(names([]), /no files in chart archive/))
})

describe('tars are read as Helm reads them', () => {
  for (const { what, data, expected } of TAR_CASES) {
    it(what, async () => {
      const read = archiveFiles(data, new Budget(DEFAULT_CHART_LIMITS))
      if (expected instanceof RegExp) await assert.rejects(read, expected)
      else assert.deepEqual(Object.fromEntries((await read).map((file) => [file.name, Buffer.from(file.data).toString()])), expected)
    })
  }
})
