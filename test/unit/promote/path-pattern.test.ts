import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { matchesPath, parsePathPattern, pathText } from '../../../src/promote/path-pattern.ts'

const cases: readonly (readonly [pattern: string, path: readonly string[], matches: boolean])[] = [
  ['image.tag', ['image', 'tag'], true],
  ['image.tag', ['image', 'tag', 'x'], false],
  ['image.tag', ['web', 'image', 'tag'], false],
  ['**.image.tag', ['image', 'tag'], true],
  ['**.image.tag', ['a', 'b', 'image', 'tag'], true],
  ['**.image.tag', ['image', 'x', 'tag'], false],
  ['**.version', ['version'], true],
  ['**', ['a', '0', 'b'], true],
  ['**', [], true],
  ['images.**', ['images', 'web', 'tag'], true],
  ['a.**.b.**.c', ['a', 'b', 'c'], true],
  ['a.**.b.**.c', ['a', 'x', 'b', 'y', 'z', 'c'], true],
  ['a.**.b.**.c', ['a', 'x', 'c'], false],
  ['images.*', ['images', 'web'], true],
  ['images.*', ['images'], false],
  ['images.*', ['images', 'web', 'tag'], false],
  ['*.tag', ['tag'], false],
  ['*Tag', ['webTag'], true],
  ['web*.tag', ['webserver', 'tag'], true],
  ['containers[0].image', ['containers', '0', 'image'], true],
  ['containers[1].image', ['containers', '0', 'image'], false],
  ['containers[*].image', ['containers', '12', 'image'], true],
  ['containers.0.image', ['containers', '0', 'image'], true],
  ['labels.app\\.kubernetes\\.io/version', ['labels', 'app.kubernetes.io/version'], true],
  ['labels.app.kubernetes.io/version', ['labels', 'app.kubernetes.io/version'], false],
  ['a.\\*\\*', ['a', '**'], true],
  ['a.\\*\\*', ['a', 'x'], false],
  ['a.x\\*', ['a', 'xy'], false],
  ['', [], true],
]

describe('patterns for paths', () => {
  for (const [pattern, path, matches] of cases) {
    it(`"${pattern}" ${matches ? 'is' : 'is not'} ${JSON.stringify(path)}`, () => {
      assert.equal(matchesPath(parsePathPattern(pattern), path), matches)
    })
  }

  it('a path is printed so that the pattern of it stands for it alone', () => {
    for (const path of [['a.b', 'c[0]', '3', 'back\\slash', 'st*r', '**'], ['0'], ['x', '0', '1']]) {
      assert.equal(matchesPath(parsePathPattern(pathText(path)), path), true, pathText(path))
    }
    assert.equal(matchesPath(parsePathPattern(pathText(['a*'])), ['ab']), false)
  })

  it('takes time that grows with the product of both lengths', () => {
    const pattern = parsePathPattern('**.a.'.repeat(300))
    assert.equal(matchesPath(pattern, [...Array.from({ length: 3000 }, () => 'a'), 'b']), false)
  })
})
