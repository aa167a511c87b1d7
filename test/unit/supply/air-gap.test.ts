import assert from 'node:assert/strict'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Host } from '../../../src/base/host.ts'
import { plainChart, sha256 } from '../../support/chart-archive.ts'
import { type Outcome, runFlotilla } from '../../support/command-line.ts'
import { commitAll } from '../../support/git-server.ts'
import { emptyRegistry, publish, registryListener } from '../../support/registry-server.ts'
import { supplyHost } from '../../support/supply-host.ts'
import { fileListener, startWebServer } from '../../support/web-server.ts'

interface Site {
  readonly host: Host
  /** Takes every server away. */
  readonly cutOff: () => void
}

/** A project in `project/` with charts and files from a web server, a registry and git. */
async function startSite(t: TestContext): Promise<Site> {
  const host = supplyHost(t)
  const archive = await plainChart('web', '1.2.0')
  const files = new Map<string, Buffer | string>([
    ['/index.yaml', `entries:\n  web:\n  - {version: 1.2.0, urls: [web-1.2.0.tgz], digest: ${sha256(archive)}}\n`],
    ['/web-1.2.0.tgz', archive],
    ['/values.yaml', 'far: true\n'],
  ])
  const content = emptyRegistry()
  publish(content, 'team/db', '3.0.0', await plainChart('db', '3.0.0'))
  const registry = registryListener(content)
  let isCutOff = false
  const web = fileListener(files)
  const { url } = await startWebServer(t, (request, response) => {
    if (isCutOff) request.socket.destroy()
    else (request.url?.startsWith('/v2/') ? registry : web)(request, response)
  })
  const far = join(host.cwd, 'far')
  host.fs.writeFile(join(far, 'common.yaml'), 'helmDefaults: {timeout: 60}\n')
  commitAll(far)
  host.fs.writeFile(
    'project/charts/app/Chart.yaml',
    `apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n- {name: web, version: 1.x, repository: "${url}"}\n`,
  )
  host.fs.writeFile('project/charts/app/templates/cm.yaml', 'kind: ConfigMap\nmetadata: {name: app}\ndata: {far: {{ .Values.far | quote }}}\n')
  host.fs.writeFile(
    'project/helmfile.yaml',
    [
      `bases: ["git::file://${far}@common.yaml"]`,
      `repositories: [{name: shop, url: "${url}"}]`,
      'releases:',
      `- {name: app, chart: ./charts/app, values: ["${url}/values.yaml"]}`,
      '- {name: web, chart: shop/web, version: ^1.0.0}',
      `- {name: db, chart: "oci://${url.slice('http://'.length)}/team/db", plainHttp: true}\n`,
    ].join('\n'),
  )
  const cutOff = (): void => {
    isCutOff = true
    rmSync(far, { recursive: true })
  }
  return { host, cutOff }
}

function runIn(host: Host, folder: string, cache: string): (...args: string[]) => Promise<Outcome> {
  return (...args) => runFlotilla(args, { cwd: join(host.cwd, folder), env: { ...host.env, FLOTILLA_CACHE_HOME: join(host.cwd, folder, cache) } })
}

test('locks and a cache that are carried along need no network', async (t) => {
  const { host, cutOff } = await startSite(t)
  const here = runIn(host, 'project', 'bundle')
  for (const command of ['deps', 'fetch']) {
    const { exit, stderr } = await here(command)
    assert.equal(exit, 0, stderr)
  }
  const expected = await here('template')
  assert.equal(expected.stdout.match(/version: "(1\.2\.0|3\.0\.0)"/g)?.length, 3, expected.stdout + expected.stderr)
  assert.match(expected.stdout, /far: "true"/)
  cutOff()
  cpSync(join(host.cwd, 'project'), join(host.cwd, 'elsewhere'), { recursive: true })
  rmSync(join(host.cwd, 'project'), { recursive: true })
  const there = runIn(host, 'elsewhere', 'bundle')
  for (const options of [['--locked', '--skip-refresh'], ['--locked'], ['--skip-refresh']]) {
    const { exit, stdout, stderr } = await there(...options, 'template')
    assert.deepEqual([exit, stdout, stderr], [0, expected.stdout, ''], options.join(' '))
  }
  // What is not in the bundle is named.
  const { exit, stderr } = await runIn(host, 'elsewhere', 'empty')('--locked', '--skip-refresh', 'template')
  assert.equal(exit, 1)
  assert.match(stderr, /is not in the cache, and nothing is fetched \[supply\/offline\]/)
})

test('fetched charts and the state that names them need neither network nor cache', async (t) => {
  const { host, cutOff } = await startSite(t)
  const here = runIn(host, 'project', 'cache')
  const expected = await here('-l', 'name!=app', 'template')
  const { exit, stdout, stderr } = await here('-l', 'name!=app', 'fetch', '--output-dir', 'charts-here', '--write-output')
  assert.equal(exit, 0, stderr)
  host.fs.writeFile('elsewhere/offline.yaml', stdout.replace(/^bases:\n(?:- .*\n)*/m, ''))
  cpSync(join(host.cwd, 'project/charts-here'), join(host.cwd, 'elsewhere/charts-here'), { recursive: true })
  cutOff()
  rmSync(join(host.cwd, 'project'), { recursive: true })
  const offline = await runIn(host, 'elsewhere', 'none')('-f', 'offline.yaml', 'template')
  assert.deepEqual([offline.exit, offline.stdout], [0, expected.stdout], offline.stderr + stdout)
})

for (const name of ['.', '..']) {
  test(`a chart called "${name}" is put into no folder`, async (t) => {
    const archive = await plainChart('x', '1.0.0', { 'Chart.yaml': `apiVersion: v2\nname: "${name}"\nversion: 1.0.0\n` })
    const { url } = await startWebServer(t, fileListener(new Map([['/x.tgz', archive]])))
    const host = supplyHost(t)
    host.fs.writeFile('helmfile.yaml', `releases:\n- {name: a, chart: "${url}/x.tgz"}\n`)
    host.fs.writeFile('out/mine', 'stays')
    const fetched = await runFlotilla(['fetch', '--output-dir', 'out/charts'], { cwd: host.cwd, env: host.env })
    assert.deepEqual(
      [fetched.exit, fetched.stderr.includes(`chart.metadata.name "${name}" is not allowed [chart/invalid]`)],
      [1, true],
      fetched.stderr,
    )
    const pulled = await runFlotilla(['chart', 'pull', `${url}/x.tgz`, '--untar', '--untardir', 'out/charts'], { cwd: host.cwd, env: host.env })
    assert.equal(pulled.exit, 1)
    assert.deepEqual(host.fs.readDir(join(host.cwd, 'out')), ['mine'])
  })
}
