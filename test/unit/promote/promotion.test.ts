import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type PreparedPromotion, preparePromotion } from '../../../src/actions/promote-environment.ts'
import { nodeHost } from '../../../src/base/host-node.ts'
import { fromPlain, toPlain } from '../../../src/go/plain.ts'
import { loadState } from '../../../src/state/load-state.ts'
import { encodeYaml } from '../../../src/yaml/encode.ts'
import { writeFiles } from '../../support/write-files.ts'

type Files = Readonly<Record<string, string>>

async function inFolder<T>(files: Files, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-promotion-'))
  try {
    writeFiles(folder, files)
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function prepare(cwd: string, keys: readonly string[] = ['**'], selectors: readonly string[] = []): Promise<PreparedPromotion> {
  return preparePromotion(
    nodeHost({ cwd, env: { HOME: cwd, TOKEN: 'hunter2-hunter2' } }),
    { source: 'one', target: 'two' },
    { keys, state: { selectors } },
  )
}

/** What is written and what is left, one line each; afterwards nothing is left to be written. */
async function promoted(
  files: Files,
  keys?: readonly string[],
  selectors?: readonly string[],
): Promise<{ readonly lines: readonly string[]; readonly texts: Files }> {
  return inFolder(files, async (cwd) => {
    const promotion = await prepare(cwd, keys, selectors)
    promotion.write()
    assert.equal((await prepare(cwd, keys, selectors)).patch, '', 'a second time changes nothing')
    const written = promotion.patch.split('\n').filter((line) => /^[-+](?!--|\+\+)./.test(line))
    const left = promotion.left.map(({ path, reason }) => `${path.join('.')}: ${reason}`)
    return { lines: [...written, ...left], texts: Object.fromEntries(promotion.files.map((name) => [name, readFileSync(join(cwd, name), 'utf8')])) }
  })
}

const environments = (one: string, two: string): string => `environments:\n  one: { values: [${one}] }\n  two: { values: [${two}] }\n---\n`
const web = 'releases:\n  - { name: web, chart: ./chart, labels: { app: web } }\n'

describe('promotion', () => {
  it('a value that a later file overrides is left, others are written', async () => {
    const files = {
      'helmfile.yaml': `${environments('one.yaml', 'two.yaml, over.hcl')}${web}`,
      'one.yaml': 'a: 2\nb: 2\n',
      'two.yaml': 'a: 1\nb: 1\n',
      'over.hcl': 'values {\n  b = 1\n}\n',
    }
    assert.deepEqual((await promoted(files)).lines, ['-a: 1', '+a: 2', 'b: over.hcl is HCL'])
  })

  it('a value between others that override it is not written in vain', async () => {
    const files = {
      'helmfile.yaml': `${environments('one.yaml', 'two.yaml')}releases:\n  - name: web\n    chart: ./chart\n    values: [web.yaml.gotmpl]\n`,
      'one.yaml': 'tag: 2\nimage: { tag: 2 }\n',
      'two.yaml': 'tag: 1\nimage: { tag: 1 }\n',
      'web.yaml.gotmpl': 'tag: {{ .Values.tag }}\nfixed: {{ .Environment.Name }}-{{ .Values.image.tag }}\n',
    }
    assert.deepEqual((await promoted(files)).lines, ['-tag: 1', '-image: { tag: 1 }', '+tag: 2', '+image: { tag: 2 }'])
  })

  it('without a file of its own the target is told which to make', async () => {
    const files = { 'helmfile.yaml': `${environments('common.yaml, one.yaml', 'common.yaml')}${web}`, 'common.yaml': 'a: 1\n', 'one.yaml': 'a: 2\n' }
    const { lines } = await promoted(files)
    assert.deepEqual(lines, ['a: common.yaml is read by both environments, and the target has no values file of its own over it'])
  })

  it('what an anchor shares is left, and written once nothing shares it any more', async () => {
    const files = {
      'helmfile.yaml': `${environments('one.yaml', 'two.yaml')}${web}`,
      'one.yaml': 'a: 2\nb: 2\nc: 2\nd: 1\n',
      'two.yaml': 'a: &x 1\nb: *x\nc: &y 1\nd: *y\n',
    }
    const { lines } = await promoted(files)
    assert.deepEqual(lines, ['-a: &x 1', '-b: *x', '+a: &x 2', '+b: 2', 'c: c cannot be set in two.yaml: it is shared by the anchor "y"'])
  })

  it('items of lists are written where the target has such a list', async () => {
    const files = {
      'helmfile.yaml': `${environments('common.yaml, one.yaml', 'common.yaml, two.yaml')}${web}`,
      'common.yaml': 'shared: [{ tag: 1 }]\n',
      'one.yaml': 'own: [{ tag: 2 }, { tag: 3 }]\nshared: [{ tag: 2 }]\nnone: [1]\n',
      'two.yaml': 'own:\n- tag: 1 # one\n',
    }
    const { lines } = await promoted(files)
    assert.deepEqual(lines, ['-- tag: 1 # one', '+- tag: 2 # one', 'shared.0.tag: the target has no list shared of its own with such an item'])
  })

  it('a value that came out of a secret is written nowhere, by whatever way it came', async () => {
    const files = {
      'helmfile.yaml': `${environments('one.yaml.gotmpl', 'two.yaml')}releases:\n  - { name: web, chart: ./c, values: [web.yaml] }\n`,
      'one.yaml.gotmpl': 'a: {{ fetchSecretValue "ref+envsubst://$TOKEN" }}\nb: x-{{ fetchSecretValue "ref+envsubst://$TOKEN" }}-y\nc: 2\n',
      'two.yaml': 'a: 1\nb: 1\nc: 1\n',
      'web.yaml': 'fixed: 1\n',
    }
    const { lines } = await promoted(files)
    assert.deepEqual(lines, ['-c: 1', '+c: 2', 'a: the source has it from a secret', 'b: the source has it from a secret'])
  })

  it('chart versions follow where releases have entries of their own', async () => {
    const files = {
      'helmfile.yaml.gotmpl': `${environments('one.yaml', 'two.yaml')}helmfiles:\n  - path: releases/{{ .Environment.Name }}.yaml\n`,
      'one.yaml': '{}\n',
      'two.yaml': '{}\n',
      'releases/one.yaml':
        'environments: { one: {}, two: {} }\n---\nreleases:\n  - name: web\n    chart: repo/web\n    version: ~1.3.0\n  - { name: api, chart: repo/api, version: 2.0.0 }\n',
      'releases/two.yaml':
        'environments: { one: {}, two: {} }\n---\n# Two\nreleases:\n  - { name: api, chart: repo/api } # any\n  - name: web # the web\n    chart: repo/web\n    version: "~1.2.0"   # held\n',
    }
    const { texts, lines } = await promoted(files)
    assert.equal(
      texts['releases/two.yaml'],
      'environments: { one: {}, two: {} }\n---\n# Two\nreleases:\n  - { name: api, chart: repo/api, version: 2.0.0 } # any\n  - name: web # the web\n    chart: repo/web\n    version: "~1.3.0"   # held\n',
      lines.join('\n'),
    )
  })

  it('a version that a template makes is left with its release', async () => {
    const files = {
      'helmfile.yaml.gotmpl': `${environments('one.yaml', 'two.yaml')}releases:\n  - { name: web, chart: repo/web, version: 1.{{ len .Environment.Name }}.{{ if eq .Environment.Name "one" }}1{{ else }}0{{ end }} }\n`,
      'one.yaml': '{}\n',
      'two.yaml': '{}\n',
    }
    assert.deepEqual((await promoted(files)).lines, ['version: chart repo/web is 1.3.0, and 1.3.1 in the source'])
  })

  it('locked charts follow where environments have locks of their own', async () => {
    const lock = (version: string): string =>
      `version: 1.8.0\ndependencies:\n- name: web\n  repository: https://charts.example\n  version: ${version}\ndigest: sha256:00\n`
    const pins = (version: string): string =>
      `formatVersion: 1\nsources:\n  - source: https://charts.example web\n    wanted: ~1.0.0\n    version: ${version}\n`
    const files = {
      'helmfile.yaml.gotmpl': `${environments('one.yaml', 'two.yaml')}lockFilePath: locks/{{ .Environment.Name }}.lock\nrepositories: [{ name: repo, url: https://charts.example }]\nreleases:\n  - { name: web, chart: repo/web, version: ~1.0.0 }\n`,
      'one.yaml': '{}\n',
      'two.yaml': '{}\n',
      'locks/one.lock': lock('1.0.9'),
      'locks/two.lock': lock('1.0.3'),
      'locks/one.flotilla.lock': pins('1.0.9'),
      'locks/two.flotilla.lock': pins('1.0.3'),
    }
    const { texts, lines } = await promoted(files)
    assert.equal(texts['locks/two.lock'], lock('1.0.9'), lines.join('\n'))
    assert.match(texts['locks/two.flotilla.lock'] ?? '', /version: 1\.0\.9\n/)
    const { 'locks/two.lock': _lock, 'locks/two.flotilla.lock': _pins, ...without } = files
    assert.deepEqual(
      (await promoted(without)).lines.map((line) => line.replace(/^.*\//, '')),
      ['two.flotilla.lock does not name what the source has locked', 'two.lock does not name what the source has locked'],
    )
  })

  it('selectors choose the environment values that reach a selected release', async () => {
    const files = {
      'helmfile.yaml': `${environments('one.yaml', 'two.yaml')}releases:\n  - { name: web, chart: ./c, labels: { app: web }, values: [web.yaml.gotmpl] }\n  - { name: api, chart: ./c, values: [api.yaml.gotmpl] }\n`,
      'one.yaml': 'web: 2\napi: 2\nboth: 2\n',
      'two.yaml': 'web: 1\napi: 1\nboth: 1\n',
      'web.yaml.gotmpl': 'x: {{ .Values.web }}\ny: {{ .Values.both }}\n',
      'api.yaml.gotmpl': 'x: {{ .Values.api }}\ny: {{ .Values.both }}\n',
    }
    await inFolder(files, async (cwd) => {
      const { values } = await prepare(cwd, ['**'], ['app=web'])
      assert.deepEqual(
        values.map(({ path, alsoChanges }) => [path.join('.'), alsoChanges]),
        [
          ['web', []],
          ['both', ['api']],
        ],
      )
    })
  })

  it('random environments: the target gets the values, the source keeps its own, and a second time nothing is left', async () => {
    const leaf = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom('v1', '1.20', 'yes', "it's", 'a: b'))
    const key = fc.constantFrom('a', 'b', 'x.y', 'tag')
    const { tree } = fc.letrec((tie) => ({ tree: fc.dictionary(key, fc.oneof({ depthSize: 'small' }, leaf, tie('tree')), { maxKeys: 3 }) }))
    const yaml = tree.map((plain) => encodeYaml(fromPlain(plain), 'helm'))
    const valuesOf = async (cwd: string, environment: string): Promise<unknown> => {
      const state = await loadState(nodeHost({ cwd }), { environment, selection: 'matching' })
      return toPlain(state.files[0]?.values ?? new Map())
    }
    await fc.assert(
      fc.asyncProperty(yaml, yaml, yaml, async (common, one, two) => {
        const files = {
          'helmfile.yaml': `${environments('common.yaml, one.yaml', 'common.yaml, two.yaml')}${web}`,
          'common.yaml': common,
          'one.yaml': one,
          'two.yaml': two,
        }
        await inFolder(files, async (cwd) => {
          const before = await valuesOf(cwd, 'one')
          const promotion = await prepare(cwd)
          promotion.write()
          assert.deepEqual(await valuesOf(cwd, 'one'), before)
          const again = await prepare(cwd)
          assert.equal(again.patch, '')
          assert.equal(again.values.length, 0)
          assert.equal(again.left.length, promotion.left.length)
        })
      }),
      { seed: 551, numRuns: 150 },
    )
  })
})
