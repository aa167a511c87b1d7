import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { toPlain } from '../../../src/go/plain.ts'
import type { GoMap, GoValue } from '../../../src/go/values.ts'
import { compareAsKustomize } from '../../../src/patch/kustomize-order.ts'
import { applyPatches, type PatchDocument } from '../../../src/patch/patches.ts'
import { decodeYaml, decodeYamlAll } from '../../../src/yaml/decode.ts'
import { encodeYaml } from '../../../src/yaml/encode.ts'
import { goldenFolder } from '../../support/golden.ts'

const FOLDER = goldenFolder('state/transformers')

function documents(file: string): readonly GoMap[] {
  return decodeYamlAll({ name: file, text: readFileSync(join(FOLDER, file), 'utf8') }, 'helmfile') as GoMap[]
}

function inOrder(objects: readonly GoMap[]): readonly unknown[] {
  return [...objects].sort(compareAsKustomize).map((object) => toPlain(object))
}

function transformersOf(configs: GoValue): PatchDocument {
  return { source: { name: 'cases.yaml', text: encodeYaml(configs, 'helm') }, read: () => undefined }
}

describe('transformers as kustomize runs them', () => {
  const cases = decodeYaml({ name: 'cases.yaml', text: readFileSync(join(FOLDER, 'cases.yaml'), 'utf8') }, 'helmfile') as GoMap
  for (const [name, configs] of cases) {
    test(name, () => {
      const result = applyPatches(documents('objects.yaml'), { json: [], strategic: [], transformers: [transformersOf(configs)] })
      assert.deepEqual(inOrder(result.map(({ object }) => object)), inOrder(documents(`${name}.expected.yaml`)))
    })
  }

  test('every file belongs to a case', () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.expected.yaml'))
    assert.deepEqual(files.sort(), [...cases.keys()].map((name) => `${name}.expected.yaml`).sort())
  })
})
