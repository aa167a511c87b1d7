import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { DiagnosticError } from '../../../src/base/diagnostic.ts'
import { nodeHost } from '../../../src/base/host-node.ts'
import { mayHaveSettings } from '../../../src/settings/find-settings.ts'
import { loadSettings } from '../../../src/settings/load-settings.ts'
import type { Settings } from '../../../src/settings/settings.ts'
import { writeFiles } from '../../support/write-files.ts'

type Files = Readonly<Record<string, string>>

async function within<T>(
  files: Files,
  folder: string,
  work: (host: { fs: ReturnType<typeof nodeHost>['fs']; cwd: string }) => Promise<T> | T,
): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), 'settings-'))
  try {
    writeFiles(root, { [`${folder}/.keep`]: '', ...files })
    return await work({ fs: nodeHost().fs, cwd: join(root, folder) })
  } finally {
    rmSync(root, { recursive: true })
  }
}

const load = (files: Files, folder = '.'): Promise<Settings> => within(files, folder, loadSettings)

const found: readonly (readonly [what: string, files: Files, expected: Settings, folder?: string])[] = [
  ['no file', { 'package.json': '{"name":"x"}' }, {}],
  ['an empty file', { 'package.json': '{}', '.flotillarc': '' }, {}],
  [
    'yaml',
    { 'package.json': '{}', 'flotilla.config.yaml': 'helmCompat: 4.2\ndiff: {context: 1, suppress: [Secret]}\n' },
    { helmCompat: '4.2', diff: { context: 1, suppress: ['Secret'] } },
  ],
  [
    'json',
    { 'package.json': '{}', 'flotilla.config.json': '{"$schema": "x", "strictValues": "warn"}' },
    { $schema: 'x', strictValues: 'warn' } as Settings,
  ],
  ['a file without extension', { 'package.json': '{}', '.flotillarc': 'concurrency: 4\n' }, { concurrency: 4 }],
  ['package.json', { 'package.json': '{"flotilla": {"helmCompat": 3}}' }, { helmCompat: '3' }],
  ['a module', { 'package.json': '{}', 'flotilla.config.mjs': 'export default { strictValues: true }' }, { strictValues: true }],
  ['CommonJS', { 'package.json': '{}', 'flotilla.config.cjs': 'module.exports = { concurrency: 2 }' }, { concurrency: 2 }],
  ['a folder above', { 'package.json': '{}', '.flotillarc': 'concurrency: 3' }, { concurrency: 3 }, 'a/b'],
  ['not above a package', { '.flotillarc': 'concurrency: 3', 'a/package.json': '{}' }, {}, 'a/b'],
]

const refused: readonly (readonly [what: string, files: Files, message: string, hint?: string])[] = [
  [
    'an unknown key',
    { '.flotillarc': 'a: 1\n' },
    '.flotillarc:1:1: error: there is no setting "a" [settings/unknown-key]',
    'use one of helmCompat, strictValues, concurrency, oneGraph, charts, records, lock, diff, apply, crds, plan, promotion, policy',
  ],
  [
    'a misspelt key',
    { 'flotilla.config.yaml': 'concurrency: 1\ndiff:\n  contxt: 3\n' },
    'flotilla.config.yaml:3:3: error: there is no setting "diff.contxt" [settings/unknown-key]',
    'write context',
  ],
  [
    'a wrong kind',
    { 'flotilla.config.yaml': 'diff:\n  context: many\n' },
    'flotilla.config.yaml:2:12: error: "diff.context" must be a whole number [settings/wrong-value]',
  ],
  [
    'a misspelt key in a list',
    { '.flotillarc': 'crds:\n  - policy: skip\n    selectr: a=b\n' },
    '.flotillarc:3:5: error: there is no setting "crds.0.selectr" [settings/unknown-key]',
    'write selector',
  ],
  [
    'a misspelt key below a name of their own',
    { '.flotillarc': 'policy: {environments: {prod: {confrm: always}}}\n' },
    '.flotillarc:1:32: error: there is no setting "policy.environments.prod.confrm" [settings/unknown-key]',
    'write confirm',
  ],
  [
    'a form that is not known',
    { '.flotillarc': 'lock: {timeout: 5x}\n' },
    '.flotillarc:1:17: error: "lock.timeout" is not written as it must be [settings/wrong-value]',
  ],
  [
    'a value of no kind that is meant',
    { '.flotillarc': 'lock: {timeout: []}\n' },
    '.flotillarc:1:17: error: "lock.timeout" must be a text or a whole number [settings/wrong-value]',
  ],
  [
    'a wrong choice',
    { '.flotillarc': '{"helmCompat": "2"}' },
    '.flotillarc:1:16: error: "helmCompat" must be one of "3", "4.2", "4", 3, 4.2, 4 [settings/wrong-value]',
  ],
  ['no map', { '.flotillarc': '- 1\n' }, '.flotillarc:1:1: error: the settings must be a map [settings/wrong-value]'],
  [
    'package.json',
    { 'package.json': '{\n  "flotilla": {"helmCompt": 3}\n}' },
    'package.json:2:16: error: there is no setting "helmCompt" [settings/unknown-key]',
    'write helmCompat',
  ],
  [
    'a program',
    { 'flotilla.config.mjs': 'export default { nope: 1 }' },
    'flotilla.config.mjs: error: there is no setting "nope" [settings/unknown-key]',
  ],
  [
    'bad YAML',
    { 'flotilla.config.yaml': 'diff: [1\n' },
    'flotilla.config.yaml:2:1: error: Flow sequence in block collection must be sufficiently indented and end with a ] [settings/syntax]',
  ],
]

describe('loadSettings', () => {
  for (const [what, files, expected, folder] of found) it(`takes ${what}`, async () => assert.deepEqual(await load(files, folder), expected))

  for (const [what, files, message, hint] of refused) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(load({ 'package.json': '{}', ...files }), (error: unknown) => {
        assert.ok(error instanceof DiagnosticError)
        assert.equal(error.message, message)
        if (hint !== undefined) assert.equal(error.diagnostics[0]?.hint, hint)
        return true
      })
    })
  }

  it('says what TypeScript needs where Node cannot read it', async () => {
    const settings = load({ 'package.json': '{}', 'flotilla.config.ts': 'const c: { concurrency: number } = { concurrency: 5 }\nexport default c\n' })
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
    if (major > 22 || (major === 22 && minor >= 18)) assert.deepEqual(await settings, { concurrency: 5 })
    else await assert.rejects(settings, /settings\/typescript/)
  })

  it('has nothing to load where no file can be', async () => {
    assert.equal(await within({ 'package.json': '{"name": "flotilla"}' }, 'a', mayHaveSettings), false)
    assert.equal(await within({ 'package.json': 'no json' }, 'a', mayHaveSettings), false)
    assert.equal(await within({ 'package.json': '{}', '.flotillarc': '' }, 'a', mayHaveSettings), true)
  })
})
