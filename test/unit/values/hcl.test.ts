import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { DiagnosticError, formatDiagnostic } from '../../../src/base/diagnostic.ts'
import { hclValues } from '../../../src/values/hcl/hcl-values.ts'
import { decodeYaml } from '../../../src/yaml/decode.ts'
import { encodeYaml } from '../../../src/yaml/encode.ts'
import { goldenFolder } from '../../support/golden.ts'

const FOLDER = join(goldenFolder('state'), 'hcl')

function read(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8')
}

function evaluated(expression: string): string {
  const values = hclValues([{ name: 'x.hcl', text: `values {\n  x = ${expression}\n}\n` }])
  return encodeYaml(values.get('x') ?? null, 'helm').trim()
}

const WRONG: readonly (readonly [text: string, says: string])[] = [
  ['values {\n  a = = 1\n}', 'x.hcl:2:7'],
  ['values {\n  a = hv.b\n}', 'variables "a" depend(s) on undefined vars "b"'],
  ['values {\n  a = hv.b\n  b = hv.a\n}', 'cycle detected: a -> b -> a'],
  ['locals { a = 1 }\nlocals { b = 1 }', 'x.hcl:2:1'],
  ['locals { a = hv.b }', 'undefined vars "b"'],
  ['other { a = 1 }', 'Unsupported block type'],
  ['a = 1', 'Unsupported argument'],
  ['values {\n  a = 1\n  a = 2\n}', 'Attribute redefined'],
  ['values {\n  a = nope(1)\n}', 'There is no function named "nope"'],
  ['values {\n  a = upper()\n}', 'not enough arguments'],
  ['values {\n  a = "x\n}', 'Unterminated template string'],
  ['values {\n  a = {b = 1}.c\n}', 'does not have an attribute named "c"'],
  ['values {\n  a = [1][3]\n}', 'Invalid index'],
  ['values {\n  a = 1 / 0\n}', 'Division by zero'],
  ['values {\n  a = "${null}"\n}', 'result is null'],
  ['values {\n  a = hv\n}', 'cannot be accessed directly'],
  [`values {\n  a = ${'('.repeat(500)}1${')'.repeat(500)}\n}`, 'nest deeper'],
  ['values {\n  a = range(1e9)\n}', 'more than 1024 values'],
  ['values {\n  a = "%{ endif }"\n}', 'Unexpected endif directive'],
]

describe('HCL values', () => {
  test('every function and expression as Helmfile evaluates it', () => {
    const values = hclValues(['a.hcl', 'b.hcl'].map((name) => ({ name, text: read(`input/${name}`) })))
    const built = decodeYaml({ name: 'build', text: read('build.expected.yaml') }, 'helmfile')
    assert.ok(built instanceof Map)
    const expected = built.get('renderedvalues')
    assert.ok(expected instanceof Map)
    assert.equal(encodeYaml(values, 'helm'), encodeYaml(expected, 'helm'))
  })

  test('locals belong to their file', () => {
    const one = { name: 'one.hcl', text: 'locals {\n  n = 1\n}\nvalues {\n  a = local.n\n}' }
    const two = { name: 'two.hcl', text: 'locals {\n  n = 2\n}\nvalues {\n  b = local.n + hv.a\n}' }
    assert.deepEqual(Object.fromEntries(hclValues([two, one])), { a: 1, b: 3 })
  })

  test('comments and line breaks inside brackets', () => {
    assert.equal(evaluated('[ # one\n  1, // two\n  /* three */ 2,\n]'), '- 1\n- 2')
    assert.equal(evaluated('(\n 1\n + 2\n)'), '3')
  })

  for (const [text, says] of WRONG) {
    test(`${text.slice(0, 60)} is refused`, () => {
      assert.throws(
        () => hclValues([{ name: 'x.hcl', text }]),
        (error) => error instanceof DiagnosticError && error.diagnostics.map(formatDiagnostic).join('\n').includes(says),
      )
    })
  }
})
