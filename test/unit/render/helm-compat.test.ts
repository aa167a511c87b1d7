import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { templateChart } from '../../../src/actions/template-chart.ts'
import { splitManifests } from '../../../src/render/split-manifests.ts'
import { goldenFolder } from '../../support/golden.ts'

/** Charts with what `helm template rel chart [-f values.yaml] --kube-version 1.33` printed: 3.18.6, 4.2.3 and 4.3.1, each built from its module. */
const root = goldenFolder('helm-compat')

describe('helmCompat', () => {
  for (const name of readdirSync(root).sort()) {
    for (const helmCompat of ['3', '4.2', '4'] as const) {
      it(`${name} as Helm ${helmCompat}`, async () => {
        const folder = join(root, name)
        const values = join(folder, 'values.yaml')
        const expected = readFileSync(join(folder, `expected.${helmCompat}.txt`), 'utf8')
        const valuesFiles = existsSync(values) ? [values] : []
        const output = templateChart({ chart: join(folder, 'chart'), name: 'rel', valuesFiles, kubeVersion: '1.33', helmCompat })
        if (!expected.startsWith('Error: ')) assert.equal(await output, expected)
        // Helm 4.3 words its errors anew, which is what is said for all of them.
        else await assert.rejects(output, (error: Error) => error.message.includes(expected.trim().split(': ').at(-1) as string))
      })
    }
  }

  it('cuts long runs of white space in linear time', () => {
    assert.deepEqual(splitManifests(`a: 1${'\n '.repeat(200_000)}x: 1\n  \n---\nb: 2`, '4.2').length, 2)
  })

  for (const [stream, three, two] of [
    ['a\n---\nb\n', ['a', 'b'], ['a', 'b\n']],
    ['---\n---\na\n', ['---\na'], ['---\na\n']],
    ['a ---\nb', ['a ---\nb'], ['a ---\nb']],
    ['a  \n\n---   \n\nb  ', ['a', 'b'], ['a', 'b  ']],
    [' \n---\n', [], []],
  ] as const) {
    it(`cuts ${JSON.stringify(stream)}`, () => {
      assert.deepEqual(splitManifests(stream, '3'), three)
      assert.deepEqual(splitManifests(stream, '4.2'), two)
    })
  }
})
