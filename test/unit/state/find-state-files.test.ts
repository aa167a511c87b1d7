import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DiagnosticError } from '../../../src/base/diagnostic.ts'
import { findStateFiles } from '../../../src/state/find-state-files.ts'
import { memoryHost } from '../../support/memory-host.ts'

test('the files of a folder by name, without settings that lie beside them', () => {
  const names = ['b.yaml', 'a.yml', 'c.yaml.gotmpl', 'notes.md', 'flotilla.config.yaml', 'flotilla.config.yml', 'my-flotilla.config.yaml']
  const { fs } = memoryHost(Object.fromEntries(names.map((name) => [`envs/${name}`, ''])))
  assert.deepEqual(findStateFiles(fs, 'envs/'), ['envs/a.yml', 'envs/b.yaml', 'envs/c.yaml.gotmpl', 'envs/my-flotilla.config.yaml'])
})

const MISSING: readonly (readonly [path: string, hint: string | undefined])[] = [
  ['helmfil.yaml', 'did you mean helmfile.yaml?'],
  ['helmfile.yaml.gotmpl', 'did you mean helmfile.yaml?'],
  ['envs/prod.yaml', 'did you mean envs/prd.yaml?'],
  ['other.yaml', 'there is helmfile.yaml'],
  ['envs/something.yaml', undefined],
  ['gone/helmfile.yaml', undefined],
]

for (const [path, hint] of MISSING) {
  test(`the hint for ${path}, which is not there`, () => {
    const { fs } = memoryHost({ 'helmfile.yaml': '', 'envs/prd.yaml': '', 'envs/notes.md': '' })
    assert.throws(
      () => findStateFiles(fs, path),
      (error) => error instanceof DiagnosticError && error.diagnostics[0]?.hint === hint,
    )
  })
}
