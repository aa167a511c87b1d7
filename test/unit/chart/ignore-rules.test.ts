import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseIgnoreRules } from '../../../src/chart/ignore-rules.ts'

interface Row {
  readonly rules: string
  readonly path: string
  readonly directory?: boolean
  readonly ignored: boolean
}

const rows: readonly Row[] = [
  { rules: 'helm.txt', path: 'helm.txt', ignored: true },
  { rules: 'helm.txt', path: 'a/helm.txt', ignored: true },
  { rules: '/helm.txt', path: 'a/helm.txt', ignored: false },
  { rules: 'a/*.txt', path: 'a/b.txt', ignored: true },
  { rules: 'a/*.txt', path: 'c/a/b.txt', ignored: false },
  { rules: 'cargo/', path: 'cargo', directory: true, ignored: true },
  { rules: 'cargo/', path: 'cargo', ignored: false },
  { rules: '# a\n\n  b  ', path: 'b', ignored: true },
  { rules: '\uFEFFb', path: 'b', ignored: true },
  { rules: '!keep', path: 'other', ignored: true },
  { rules: '!keep', path: 'keep', ignored: false },
  { rules: '!dir/', path: 'file', ignored: true },
  { rules: '', path: 'templates/.hidden', ignored: true },
  { rules: '', path: 'templates/sub/.hidden', ignored: false },
  { rules: '', path: '.hidden', ignored: false },
]

describe('ignore rules', () => {
  for (const { rules, path, directory = false, ignored } of rows) {
    it(`${JSON.stringify(rules)} on ${path}${directory ? '/' : ''}`, () => {
      assert.equal(parseIgnoreRules({ name: '.helmignore', text: rules }).isIgnored(path, directory), ignored)
    })
  }

  it('refuses double stars, with their place', () => {
    const read = (): unknown => parseIgnoreRules({ name: '.helmignore', text: 'a\n  **/b\n' })
    assert.throws(read, { message: '.helmignore:2:3: error: double-star (**) syntax is not supported [chart/ignore-double-star]' })
  })

  it('refuses malformed patterns', () => {
    assert.throws(() => parseIgnoreRules({ name: '.helmignore', text: '[x' }), /syntax error in pattern/)
  })
})
