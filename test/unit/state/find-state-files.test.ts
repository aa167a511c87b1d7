import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findStateFiles } from '../../../src/state/find-state-files.ts'
import { memoryHost } from '../../support/memory-host.ts'

test('the files of a folder by name, without settings that lie beside them', () => {
  const names = ['b.yaml', 'a.yml', 'c.yaml.gotmpl', 'notes.md', 'flotilla.config.yaml', 'flotilla.config.yml', 'my-flotilla.config.yaml']
  const { fs } = memoryHost(Object.fromEntries(names.map((name) => [`envs/${name}`, ''])))
  assert.deepEqual(findStateFiles(fs, 'envs/'), ['envs/a.yml', 'envs/b.yaml', 'envs/c.yaml.gotmpl', 'envs/my-flotilla.config.yaml'])
})
