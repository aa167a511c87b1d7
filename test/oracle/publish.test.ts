import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { startAnyRegistry } from '../support/any-registry.ts'
import { runFlotilla } from '../support/command-line.ts'
import { findHelm } from '../support/helm.ts'
import { signingKeys } from '../support/signing-keys.ts'
import { supplyHost } from '../support/supply-host.ts'
import { skipWithoutHelm } from './settings.ts'

const FILES: Readonly<Record<string, string>> = {
  'web/Chart.yaml': `apiVersion: v2
name: web
version: 1.2.3
description: "A: shop"
maintainers: [{ name: Ann, email: ann@shop.example }]
annotations: { category: shop }
dependencies: [{ name: db, version: 1.0.0, repository: "", condition: db.enabled, tags: [a], import-values: [x] }]
`,
  'web/Chart.lock': 'dependencies:\n- name: db\n  repository: ""\n  version: 1.0.0\ndigest: sha256:abc\ngenerated: "2026-01-02T03:04:05Z"\n',
  'web/values.yaml': 'a: 1\n',
  'web/values.schema.json': '{}\n',
  'web/.helmignore': '*.bak\n',
  'web/x.bak': '',
  'web/LICENSE': 'free\n',
  'web/templates/b.yaml': 'kind: B\n',
  'web/templates/a.yaml': 'kind: ConfigMap\nmetadata: { name: "{{ .Release.Name }}" }\n',
  'web/crds/c.yaml': 'kind: C\n',
  'web/charts/db/Chart.yaml': 'apiVersion: v1\nname: db\nversion: 1.0.0\n',
  'web/charts/db/requirements.yaml': 'dependencies: []\n',
  'web/charts/db/templates/d.yaml': 'kind: D\n',
}

interface Place {
  readonly folder: string
  readonly registry: string
  readonly flotilla: (line: string, stdin?: string) => Promise<string>
  readonly helm: (line: string, stdin?: string) => Promise<string>
}

/** Runs real Helm; it may not block this process, which serves the registry where Debian's is missing. */
function runHelm(folder: string, args: readonly string[], stdin: string): Promise<string> {
  const env = { PATH: process.env['PATH'], HOME: join(folder, 'helm'), SOURCE_DATE_EPOCH: '1700000000' }
  const program = spawn(findHelm() as string, args, { cwd: folder, env })
  const [out, err]: [string[], string[]] = [[], []]
  program.stdout.on('data', (data) => out.push(String(data)))
  program.stderr.on('data', (data) => err.push(String(data)))
  program.stdin.end(stdin)
  return new Promise((done, fail) => {
    program.once('close', (code) => (code === 0 ? done(out.join('') + err.join('')) : fail(new Error(`helm ${args.join(' ')}: ${err.join('')}`))))
  })
}

async function place(t: TestContext): Promise<Place> {
  const { cwd: folder } = supplyHost(t)
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const keys = await signingKeys('Ann')
  writeFileSync(join(folder, 'sec.asc'), keys.armored)
  writeFileSync(join(folder, 'sec.gpg'), keys.secret)
  writeFileSync(join(folder, 'pub.gpg'), keys.public)
  const registry = await startAnyRegistry(t, { kind: 'basic', username: 'ci', password: 'hunter2' })
  const env = { HOME: folder, PATH: process.env['PATH'], SOURCE_DATE_EPOCH: '1700000000' }
  return {
    folder,
    registry,
    helm: (line, stdin = '') => runHelm(folder, line.split(' '), stdin),
    flotilla: async (line, stdin = '') => {
      const { exit, stdout, stderr } = await runFlotilla(line.split(' '), { cwd: folder, env, stdin })
      assert.equal(exit, 0, `${line}: ${stderr}`)
      return stdout
    },
  }
}

test('Helm pulls and verifies what Flotilla packed, signed and pushed', { skip: skipWithoutHelm }, async (t) => {
  const { folder, registry, flotilla, helm } = await place(t)
  await flotilla(`chart login ${registry} --username ci --password-stdin --plain-http`, 'hunter2')
  await flotilla('chart package web -d out --sign --key Ann --keyring sec.asc')
  await helm('verify out/web-1.2.3.tgz --keyring pub.gpg')
  await flotilla(`chart push out/web-1.2.3.tgz oci://${registry}/charts --plain-http`)
  await helm(`registry login ${registry} -u ci --password-stdin --plain-http`, 'hunter2')
  const pull = `pull oci://${registry}/charts/web --version 1.2.3 --plain-http`
  await helm(`${pull} --verify --keyring ${folder}/pub.gpg -d ${folder}`)
  assert.deepEqual(readFileSync(join(folder, 'web-1.2.3.tgz')), readFileSync(join(folder, 'out/web-1.2.3.tgz')))
  assert.match(await helm(`template x oci://${registry}/charts/web --plain-http`), /name: "x"/)
})

test('Flotilla pulls and verifies what Helm packed, signed and pushed', { skip: skipWithoutHelm }, async (t) => {
  const { folder, registry, flotilla, helm } = await place(t)
  await helm(`registry login ${registry} -u ci --password-stdin --plain-http`, 'hunter2')
  await helm(`package web -d out --sign --key Ann --keyring ${folder}/sec.gpg`)
  assert.match(await flotilla('chart verify out/web-1.2.3.tgz --keyring pub.gpg'), /^Signed by: Ann <ann@shop.example>$/m)
  await helm(`push out/web-1.2.3.tgz oci://${registry}/charts --plain-http`)
  // Helm keeps its login where Flotilla looks for it.
  mkdirSync(join(folder, '.config/helm/registry'), { recursive: true })
  copyFileSync(join(folder, 'helm/.config/helm/registry/config.json'), join(folder, '.config/helm/registry/config.json'))
  await flotilla(`chart pull oci://${registry}/charts/web --plain-http --verify --keyring pub.gpg --untar --untardir theirs`)
  await flotilla('chart show all out/web-1.2.3.tgz').then(async (text) => assert.equal(text, await helm('show all out/web-1.2.3.tgz')))
  assert.equal(readFileSync(join(folder, 'theirs/web/templates/b.yaml'), 'utf8'), FILES['web/templates/b.yaml'])
})

test('archives hold the same files in the same order', { skip: skipWithoutHelm }, async (t) => {
  const { folder, flotilla, helm } = await place(t)
  await flotilla('chart package web -d ours')
  await helm('package web -d helms')
  const { archiveFiles } = await import('../../src/chart/archive-files.ts')
  const { Budget } = await import('../../src/chart/chart-files.ts')
  const { DEFAULT_CHART_LIMITS } = await import('../../src/chart/limits.ts')
  const read = async (path: string): Promise<readonly (readonly [string, string, number | undefined])[]> => {
    const files = await archiveFiles(readFileSync(join(folder, path)), new Budget(DEFAULT_CHART_LIMITS))
    return files.map(({ name, data, modified }) => [name, Buffer.from(data).toString(), modified])
  }
  assert.deepEqual(await read('ours/web-1.2.3.tgz'), await read('helms/web-1.2.3.tgz'))
})
