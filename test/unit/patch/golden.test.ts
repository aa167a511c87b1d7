import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { runFlotilla } from '../../support/command-line.ts'
import { goldenFolder } from '../../support/golden.ts'

const FOLDER = join(goldenFolder('state'), 'patches')
const EXPECTED = '.expected.yaml'

/** Blank lines between documents are Helmfile's, not the documents'. */
function comparable(text: string): string {
  return text.replace(/\n\s*\n(?=---\n|$)/g, '\n').trim()
}

describe('patched releases as Helmfile prints them', () => {
  for (const name of readdirSync(FOLDER).filter((file) => file.endsWith(EXPECTED))) {
    const release = name.slice(0, -EXPECTED.length)
    test(release, async () => {
      const folder = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-patches-')))
      try {
        cpSync(join(FOLDER, 'input'), folder, { recursive: true })
        const { stdout, stderr, exit } = await runFlotilla(['-l', `name=${release}`, 'template'], { cwd: folder, env: { HOME: folder } })
        assert.equal(exit, 0, stderr)
        assert.equal(comparable(stdout), comparable(readFileSync(join(FOLDER, name), 'utf8')))
      } finally {
        rmSync(folder, { recursive: true })
      }
    })
  }
})
