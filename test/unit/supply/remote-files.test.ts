import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { plainChart, sha256 } from '../../support/chart-archive.ts'
import { runFlotilla } from '../../support/command-line.ts'
import { supplyHost } from '../../support/supply-host.ts'
import { fileListener, startWebServer } from '../../support/web-server.ts'
import { writeFiles } from '../../support/write-files.ts'

function commitAll(folder: string, files: Readonly<Record<string, string>>): void {
  const git = (...args: string[]): unknown => execFileSync('git', ['-C', folder, '-c', 'user.name=T', '-c', 'user.email=t@example.test', ...args])
  writeFiles(folder, files)
  git('init', '--quiet', '--initial-branch=main')
  git('add', '--all')
  git('commit', '--quiet', '--message=x')
}

const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
  'chart/templates/cm.yaml': 'kind: ConfigMap\ndata:\n  who: {{ .Values.who }}\n  where: {{ .Values.where }}\n',
}

test('bases, nested state files, environment values and values of releases from elsewhere, locked', async (t) => {
  const host = supplyHost(t)
  const far = join(host.cwd, 'far')
  mkdirSync(far)
  const inEnvironment = 'environments:\n  default:\n    values:\n    - git::file://FAR@env/default.yaml\n'.replace('FAR', far)
  commitAll(far, {
    'bases/common.yaml': inEnvironment,
    'env/default.yaml': 'where: first\n',
    'nested/helmfile.yaml': 'releases:\n- name: inner\n  chart: ./chart\n  values:\n  - who: nested\n',
    ...Object.fromEntries(Object.entries(CHART).map(([path, text]) => [`nested/${path}`, text])),
  })
  const web = new Map<string, string>([['/who.yaml.gotmpl', 'who: {{ .Release.Name }}\nwhere: {{ .Values.where }}\n']])
  const { url, log } = await startWebServer(t, fileListener(web))
  for (const [path, text] of Object.entries(CHART)) host.fs.writeFile(`here/${path}`, text)
  const state = [
    `bases:\n- git::file://${far}@bases/common.yaml`,
    `helmfiles:\n- path: git::file://${far}@nested/helmfile.yaml?ref=main`,
    `releases:\n- name: outer\n  chart: ./chart\n  values:\n  - ${url}/who.yaml.gotmpl?token=s3cret-word\n`,
  ]
  host.fs.writeFile('here/helmfile.yaml', state.join('\n'))
  const run = (...args: string[]) => runFlotilla(args, { cwd: join(host.cwd, 'here'), env: host.env })
  const first = await run('template')
  assert.equal(first.stderr, '')
  assert.match(first.stdout, /who: nested[\s\S]*who: outer\n {2}where: first/)
  const locking = await run('deps')
  assert.equal(locking.exit, 0, locking.stderr)
  const lock = host.fs.readText('here/helmfile.flotilla.lock')
  assert.deepEqual(lock.match(/commit: [0-9a-f]{40}/g)?.length, 3)
  assert.ok(!lock.includes('s3cret-word') && !(first.stdout + first.stderr + locking.stdout).includes('s3cret-word'))
  // What is far away moves on; the lock does not.
  commitAll(far, { 'env/default.yaml': 'where: second\n' })
  log.length = 0
  assert.match((await run('template', '--locked')).stdout, /where: first/)
  assert.deepEqual(log, [])
  host.fs.remove(join(host.cwd, 'here/helmfile.flotilla.lock'))
  assert.match((await run('template')).stdout, /where: second/)
  assert.match((await run('template', '--locked')).stderr, /common\.yaml is not locked \[supply\/not-locked\]/)
})

const places: readonly (readonly [what: string, setting: string, lock: string])[] = [
  ['beside the file', '', 'helmfile.flotilla.lock'],
  ['where lockFilePath says', 'lockFilePath: locks/prod.lock\n', 'locks/prod.flotilla.lock'],
]
for (const [what, setting, lock] of places) {
  test(`state files from elsewhere and their charts are locked ${what} by the file that names them`, async (t) => {
    const host = supplyHost(t)
    const files = new Map<string, Buffer | string>([['/web-1.0.0.tgz', await plainChart('web', '1.0.0')]])
    const { url, log } = await startWebServer(t, fileListener(files))
    const index = (version: string): string => `entries:\n  web:\n  - {version: ${version}, urls: [web-${version}.tgz]}\n`
    files.set('/index.yaml', index('1.0.0'))
    const far = join(host.cwd, 'far')
    mkdirSync(far)
    const inner = `repositories:\n- {name: r, url: "${url}"}\nreleases:\n- {name: inner, chart: r/web}\n`
    commitAll(far, { 'helmfile.yaml': inner, 'common.yaml': 'helmDefaults: {wait: true}\n' })
    host.fs.writeFile(
      'here/helmfile.yaml',
      `${setting}bases:\n- git::file://${far}@common.yaml\nhelmfiles:\n- path: git::file://${far}@helmfile.yaml?ref=main\n`,
    )
    const run = (...args: string[]) => runFlotilla(args, { cwd: join(host.cwd, 'here'), env: host.env })
    const locking = await run('deps')
    assert.deepEqual([locking.exit, locking.stderr.replaceAll(host.cwd, '')], [0, `wrote /here/${lock}\n`])
    const text = host.fs.readText(`here/${lock}`)
    assert.deepEqual(
      [...text.matchAll(/^ {2}- source: (.*)$/gm)].map(([, source = '']) => source.replace(host.cwd, '').replace(url, '')),
      ['git::file:///far@common.yaml', 'git::file:///far@helmfile.yaml?ref=main', ' web'],
    )
    files.set('/web-2.0.0.tgz', await plainChart('web', '2.0.0'))
    files.set('/index.yaml', index('2.0.0'))
    commitAll(far, { 'helmfile.yaml': inner.replace('name: inner', 'name: other') })
    log.length = 0
    const locked = await run('--locked', 'template')
    assert.deepEqual([locked.exit, locked.stderr], [0, ''])
    assert.match(locked.stdout, /name: inner[\s\S]*version: "1\.0\.0"/)
    assert.deepEqual(log, [])
    assert.equal((await run('deps')).exit, 0)
    assert.match((await run('--locked', 'template')).stdout, /name: other[\s\S]*version: "2\.0\.0"/)
    host.fs.writeFile(`here/${lock}`, '{')
    assert.equal((await run('deps')).exit, 0, 'a damaged lock is written anew')
  })
}

test('with a selector only what it selects is fetched', async (t) => {
  const host = supplyHost(t)
  const files = new Map<string, Buffer | string>()
  const { url, log } = await startWebServer(t, fileListener(files))
  const entries = []
  for (const name of ['one', 'two']) {
    const archive = await plainChart(name, '1.0.0')
    files.set(`/${name}-1.0.0.tgz`, archive)
    entries.push(`  ${name}:\n  - name: ${name}\n    version: 1.0.0\n    digest: ${sha256(archive)}\n    urls: [${name}-1.0.0.tgz]\n`)
  }
  files.set('/index.yaml', `apiVersion: v1\nentries:\n${entries.join('')}`)
  host.fs.writeFile('helmfile.yaml', `repositories:\n- {name: r, url: "${url}"}\nreleases:\n- {name: a, chart: r/one}\n- {name: b, chart: r/two}\n`)
  const { exit, stderr } = await runFlotilla(['-l', 'name=b', 'template'], { cwd: host.cwd, env: host.env })
  assert.deepEqual([exit, stderr], [0, ''])
  assert.deepEqual(log, ['GET /index.yaml 200', 'GET /two-1.0.0.tgz 200'])
})

test('charts of many releases are fetched at once, while errors stay with their release', { timeout: 60_000 }, async (t) => {
  const host = supplyHost(t)
  const archives = new Map<string, Buffer>()
  for (let i = 0; i < 15; i++) archives.set(`/app${i}-1.0.0.tgz`, await plainChart(`app${i}`, '1.0.0'))
  const waiting: (() => void)[] = []
  const { url } = await startWebServer(t, (request, response) => {
    const archive = archives.get(request.url ?? '')
    waiting.push(() => response.writeHead(archive ? 200 : 404).end(archive))
    // Nobody is served before four wait.
    if (waiting.length === 4) for (const answer of waiting.splice(0)) answer()
  })
  const names = [...archives.keys()].map((path) => path.slice(1))
  const releases = [...names, 'gone.tgz'].map((file, i) => `- {name: r${i}, chart: "${url}/${file}"}`)
  host.fs.writeFile('helmfile.yaml', `releases:\n${releases.join('\n')}\n`)
  const { exit, stdout, stderr } = await runFlotilla(['template'], { cwd: host.cwd, env: host.env })
  assert.equal(exit, 1)
  assert.equal(stdout.match(/name: r\d+/g)?.length, 15, stderr)
  assert.match(stderr, /gone\.tgz answered 404[\s\S]*while rendering release r15/)
})

const MISSING_FILE = /warning: skipping missing values file matching "git::file:\/\/.*@dir\/none\.yaml" \[state\/missing-file\]/
const MISSING_BRANCH = /warning: skipping missing values file matching "git::file:\/\/.*\?ref=gone" \[state\/missing-file\]/
const IGNORED = 'missingFileHandler: Warn, missingFileHandlerConfig: {ignoreMissingGitBranch: true}'
const trees: readonly (readonly [what: string, release: string, values: RegExp | undefined, stderr: RegExp])[] = [
  ['a pattern that one file fits', 'values: ["FAR@dir/1*.yaml"]', /^v: \{"a":1\}$/m, /^$/],
  ['a file that looks like a pattern', 'values: ["FAR@dir/[x].yaml"]', /^v: \{"z":9\}$/m, /^$/],
  ['a pattern that several files fit', 'values: ["FAR@dir/[12].yaml"]', undefined, /glob patterns in release values and secrets/],
  ['a pattern that only a link to elsewhere fits', 'values: ["FAR@dir/evil*"]', undefined, /evil\*" does not exist in "\." \[state\/missing-file\]/],
  ['a file that may be missing', 'missingFileHandler: Warn, values: ["FAR@dir/none.yaml"]', /^v: \{\}$/m, MISSING_FILE],
  ['a branch that may be missing', `${IGNORED}, values: ["FAR@dir/1.yaml?ref=gone"]`, /^v: \{\}$/m, MISSING_BRANCH],
  [
    'a branch that is missing',
    'missingFileHandler: Warn, values: ["FAR@dir/1.yaml?ref=gone"]',
    undefined,
    /has no branch, tag or commit "gone" \[supply\/no-ref\]/,
  ],
]
for (const [what, release, values, stderr] of trees) {
  test(`values from a tree: ${what}`, async (t) => {
    const host = supplyHost(t)
    const far = join(host.cwd, 'far [1]')
    mkdirSync(join(far, 'dir'), { recursive: true })
    symlinkSync('/etc/hostname', join(far, 'dir/evil.yaml'))
    commitAll(far, { 'dir/1.yaml': 'a: 1\n', 'dir/2.yaml': 'b: 2\n', 'dir/[x].yaml': 'z: 9\n' })
    host.fs.writeFile('chart/Chart.yaml', 'apiVersion: v2\nname: chart\nversion: 1.0.0\n')
    host.fs.writeFile('chart/templates/x.yaml', 'v: {{ .Values | toJson }}\n')
    const address = `git::file://${encodeURI(far)}`
    host.fs.writeFile('helmfile.yaml', `releases:\n- {name: a, chart: ./chart, ${release.replace('FAR', address)}}\n`)
    const result = await runFlotilla(['template'], { cwd: host.cwd, env: host.env })
    assert.equal(result.exit, values ? 0 : 1, result.stderr)
    if (values) assert.match(result.stdout, values)
    assert.match(result.stderr, stderr)
  })
}

test('an environment takes every file of a tree that a pattern fits', async (t) => {
  const host = supplyHost(t)
  const far = join(host.cwd, 'far')
  mkdirSync(far)
  commitAll(far, { 'dir/1.yaml': 'a: 1\nb: 1\n', 'dir/2.yaml': 'b: 2\n', 'dir/3.yaml/no-file': '', 'other.yaml': 'c: 3\n' })
  host.fs.writeFile(
    'helmfile.yaml',
    `environments: {default: {values: ["git::file://${far}@dir/*.yaml?ref=main"]}}\n---\nreleases: [{name: a, chart: ./chart}]\n`,
  )
  const { stdout } = await runFlotilla(['build', '--embed-values'], { cwd: host.cwd, env: host.env })
  assert.match(stdout, /^renderedvalues:\n {2}a: 1\n {2}b: 2\n/m)
})
