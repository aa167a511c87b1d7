import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type GoValue, goInt } from '../../../src/go/values.ts'
import { parsePathPattern } from '../../../src/promote/path-pattern.ts'
import { setYamlValue } from '../../../src/promote/set-yaml-value.ts'

function edit(text: string, path: string, value: GoValue): string {
  const keys = parsePathPattern(path).map((step) => (step.kind === 'exact' ? step.key : ''))
  const result = setYamlValue({ name: 'v.yaml', text }, keys, value)
  return result.refused === undefined ? result.text : `refused: ${result.refused}`
}

const cases: readonly (readonly [what: string, before: string, path: string, value: GoValue, after: string])[] = [
  ['a plain scalar', 'a:\n  tag: 1.2.3 # kept\n  b: x\n', 'a.tag', '1.2.4', 'a:\n  tag: 1.2.4 # kept\n  b: x\n'],
  ['single quotes stay', "tag: 'v1'   # c\n", 'tag', "it's", "tag: 'it''s'   # c\n"],
  ['double quotes stay', 'tag: "v1"\n', 'tag', 'a"\\\n\u2028', 'tag: "a\\"\\\\\\n\\u2028"\n'],
  ['a text that looks like a number is quoted', 'tag: v1\n', 'tag', '5.3', 'tag: "5.3"\n'],
  ['a number in the place of a text', 'tag: "v1"\n', 'tag', goInt(7), 'tag: 7\n'],
  ['null and booleans', 'a: x\nb: w\n', 'b', true, 'a: x\nb: true\n'],
  ['an empty place', 'a:\nb: 1\n', 'a', 'v', 'a: v\nb: 1\n'],
  ['an empty place at the end', 'a:', 'a', 'v', 'a: v'],
  ['a block text becomes a line', 'a: |\n  x\n  y\n# c\nb: 1\n', 'a', 'z', 'a: z\n# c\nb: 1\n'],
  ['flow', 'a: { tag: 1, b: 2 } # c\n', 'a.tag', goInt(3), 'a: { tag: 3, b: 2 } # c\n'],
  ['flow, new', 'a: { b: 2 }\n', 'a.c.d', 'x', 'a: { b: 2, c: { d: x } }\n'],
  ['flow, empty', 'a: {}\n', 'a.c', 'x', 'a: { c: x }\n'],
  ['a list item', 'a:\n- x: 1\n  tag: 2\n- tag: 3\n', 'a[1].tag', goInt(4), 'a:\n- x: 1\n  tag: 2\n- tag: 4\n'],
  ['new in a list item', 'a:\n- x: 1\n# c\nb: 1\n', 'a[0].tag', 'v', 'a:\n- x: 1\n  tag: v\n# c\nb: 1\n'],
  [
    'new beside its siblings',
    'images:\n    api: 1.0.1 # a\n\n# next\nb: 1\n',
    'images.web',
    '2.0.0',
    'images:\n    api: 1.0.1 # a\n    web: 2.0.0\n\n# next\nb: 1\n',
  ],
  ['new with parents, as deep as others', 'a:\n    b: 1\n', 'c.d.e', 'x', 'a:\n    b: 1\nc:\n    d:\n        e: x\n'],
  ['new behind a block text', 'a: |\n  x\n', 'b', 'z', 'a: |\n  x\nb: z\n'],
  ['new without a last line break', 'a: 1', 'b', 'z', 'a: 1\nb: z'],
  ['new under an empty place', 'a: # c\nb: 1\n', 'a.x', 'z', 'a: # c\n  x: z\nb: 1\n'],
  ['new in an empty file', '', 'a.b', 'z', 'a:\n  b: z\n'],
  ['new in a file of comments', '# nothing yet', 'a', 'z', '# nothing yet\na: z\n'],
  ['line ends stay', 'a: 1\r\nb:\r\n  c: 2\r\n', 'b.d', 'z', 'a: 1\r\nb:\r\n  c: 2\r\n  d: z\r\n'],
  ['a byte order mark stays', '\ufeffa: 1\n', 'a', goInt(2), '\ufeffa: 2\n'],
  ['keys with dots', 'l:\n  app.io/v: "1"\n', 'l.app\\.io/v', '2', 'l:\n  app.io/v: "2"\n'],
  ['keys that need quotes', 'l:\n  a: 1\n', 'l.yes', 'v', 'l:\n  a: 1\n  "yes": v\n'],
  ['the last of equal places counts', 'a: { x: 1 }\nb: { x: 1 }\n', 'b.x', goInt(2), 'a: { x: 1 }\nb: { x: 2 }\n'],
  ['an anchor nobody uses stays', 'a: &v 1\n', 'a', goInt(2), 'a: &v 2\n'],
  ['an alias is replaced where it stands', 'a: &v 1\nb: *v\n', 'b', goInt(2), 'a: &v 1\nb: 2\n'],
  ['a merged key is written out', 'd: &d\n  tag: 1\nw:\n  <<: *d\n', 'w.tag', goInt(2), 'd: &d\n  tag: 1\nw:\n  <<: *d\n  tag: 2\n'],
  ['what an anchor shares', 'a: &v 1\nb: *v\n', 'a', goInt(2), 'refused: it is shared by the anchor "v"'],
  ['what an anchor above shares', 'a: &v { t: 1 }\nb: *v\n', 'a.t', goInt(2), 'refused: it is shared by the anchor "v"'],
  ['what an alias stands for', 'a: &v { t: 1 }\nb: *v\n', 'b.t', goInt(2), 'refused: it is shared by the anchor "v"'],
  ['a list that is merged in', 'd: &d\n  l: [1]\nw:\n  <<: *d\n', 'w.l[0]', goInt(2), 'refused: writing it there would change more than this value'],
  ['a map in its place', 'a: { t: 1 }\n', 'a', 'x', 'refused: there is a map in its place'],
  ['a scalar above it', 'a: text\n', 'a.b', 'x', 'refused: there is no map where it belongs'],
  ['an item that is not there', 'a: [1]\n', 'a[3]', 'x', 'refused: the list there has no item 3'],
  ['several documents', 'a: 1\n---\nb: 1\n', 'a', 'x', 'refused: it holds several documents'],
  ['what is no YAML', 'a: [x\n', 'a', 'x', 'refused: it cannot be read as YAML by itself'],
  ['maps as values', 'a: 1\n', 'a', new Map([['x', 1]]), 'refused: it is more than one line can hold'],
]

describe('setting a value in YAML', () => {
  for (const [what, before, path, value, after] of cases) it(what, () => assert.equal(edit(before, path, value), after))

  it('set again, nothing changes', () => {
    for (const [, before, path, value, after] of cases)
      if (!after.startsWith('refused')) assert.equal(edit(edit(before, path, value), path, value), after)
  })
})
