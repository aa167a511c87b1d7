import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Host } from '../../../src/base/host.ts'
import { openSupply } from '../../../src/supply/chart-supply.ts'
import { runFlotilla } from '../../support/command-line.ts'
import { commitAll, startGitServer } from '../../support/git-server.ts'
import { scopeOf, supplyHost, versionsOf } from '../../support/supply-host.ts'
import { basicAuth } from '../../support/web-server.ts'

function chartText(version: string): string {
  return `apiVersion: v2\nname: web\nversion: ${version}\n`
}

/** Repository `team/charts.git` with `deploy/web` in two commits, the first of them tagged. @returns the first commit */
function makeRepository(host: Host, folder = 'srv/team/charts.git'): string {
  host.fs.writeFile(`${folder}/deploy/web/Chart.yaml`, chartText('1.0.0'))
  const first = commitAll(join(host.cwd, folder))
  execFileSync('git', ['-C', join(host.cwd, folder), 'tag', 'v1'])
  host.fs.writeFile(`${folder}/deploy/web/Chart.yaml`, chartText('2.0.0'))
  commitAll(join(host.cwd, folder))
  return first
}

test('over HTTP with a password: branch, tag, commit; without one it is refused', async (t) => {
  const host = supplyHost(t)
  const first = makeRepository(host)
  const { url, log } = await startGitServer(t, join(host.cwd, 'srv'), basicAuth('ann', 's3cret-word'))
  const withSecret = url.replace('://', '://ann:s3cret-word@')
  const orders = ['?ref=main', '?ref=v1', `?ref=${first}`, ''].map((ref) => ({ chart: `git::${withSecret}/team/charts.git@deploy/web${ref}` }))
  assert.deepEqual(await versionsOf(t, host, scopeOf(host, []), orders), ['2.0.0', '1.0.0', '1.0.0', '2.0.0'])
  assert.deepEqual(await versionsOf(t, host, scopeOf(host, []), [{ chart: `git+${withSecret}/team/charts.git@deploy/web?ref=v1` }]), ['1.0.0'])
  assert.ok(log.some((line) => line.endsWith(' 200')))
  const chart = `git::${url}/team/charts.git@deploy/web?ref=v1`
  const open = supplyHost(t)
  await assert.rejects(versionsOf(t, open, scopeOf(open, []), [{ chart }]), (error: Error & { diagnostics: unknown }) => {
    assert.match(error.message, /git could not fetch http:\/\/127\.0\.0\.1:\d+\/team\/charts\.git \[supply\/git\]/)
    assert.match(JSON.stringify(error.diagnostics), /could not read Username|Authentication failed|terminal prompts disabled/)
    return true
  })
})

test('history stays where it is', async (t) => {
  const host = supplyHost(t)
  makeRepository(host)
  const large = join(host.cwd, 'srv/team/charts.git')
  host.fs.writeFile(join(large, 'blob'), host.randomBytes(300_000))
  commitAll(large)
  host.fs.remove(join(large, 'blob'))
  commitAll(large)
  const { url, server } = await startGitServer(t, join(host.cwd, 'srv'))
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  const supply = openSupply(host)
  const scope = scopeOf(host, [])
  assert.equal((await supply.chart(scope, { chart: `git::${url}/team/charts.git@deploy/web` })).metadata.version, '2.0.0')
  const bytes = [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, 0)
  assert.ok(bytes > 500 && bytes < 100_000, `${bytes} bytes came`)
})

/** A stand-in for ssh: runs on this machine what it would run on the other, and notes whom it was to reach. */
function sshHost(t: TestContext): Host {
  const plain = supplyHost(t)
  const script = join(plain.cwd, 'ssh')
  plain.fs.writeFile(
    script,
    `#!/bin/sh\nwhile [ $# -gt 2 ]; do case "$1" in -p) port=$2; shift 2;; -*) shift 2;; *) break;; esac; done\necho "$1\${port:+ $port}" >> "${plain.cwd}/reached"\nshift\nexec sh -c "$*"\n`,
  )
  chmodSync(script, 0o755)
  const env = { ...plain.env, GIT_SSH_COMMAND: script, GIT_SSH_VARIANT: 'ssh' }
  return { ...plain, env, run: (command) => plain.run({ ...command, env: { ...env, ...command.env } as Record<string, string> }) }
}

test('over ssh, in both ways of writing, with a port', async (t) => {
  const host = sshHost(t)
  makeRepository(host)
  const path = join(host.cwd, 'srv/team/charts.git')
  const orders = [`git::ssh://git@code.example.test${path}@deploy/web?ref=v1`, `git+ssh://git@code.example.test:2222${path}@deploy/web?ref=main`]
  for (const [i, chart] of orders.entries()) {
    assert.deepEqual(await versionsOf(t, host, scopeOf(host, []), [{ chart }]), [['1.0.0', '2.0.0'][i]])
  }
  assert.deepEqual([...new Set(host.fs.readText('reached').trim().split('\n'))], ['git@code.example.test', 'git@code.example.test 2222'])
})

test('submodules come with their tree, relative ones too, and may not name what lies on this machine', async (t) => {
  const host = supplyHost(t)
  makeRepository(host)
  const { url } = await startGitServer(t, join(host.cwd, 'srv'))
  const outer = join(host.cwd, 'srv/team/outer.git')
  const addSubmodule = (address: string, name: string): void => {
    host.fs.writeFile(join(outer, '.gitmodules'), `[submodule "${name}"]\n\tpath = ${name}\n\turl = ${address}\n`)
    commitAll(outer)
    const inner = execFileSync('git', ['-C', join(host.cwd, 'srv/team/charts.git'), 'rev-parse', 'HEAD'], { encoding: 'utf8' }).trim()
    execFileSync('git', ['-C', outer, 'update-index', '--add', '--cacheinfo', `160000,${inner},${name}`])
    execFileSync('git', ['-C', outer, '-c', 'user.name=T', '-c', 'user.email=t@example.test', 'commit', '--quiet', '--message=x'])
  }
  addSubmodule('../charts.git', 'vendored')
  const chart = `git::${url}/team/outer.git@vendored/deploy/web`
  const supply = openSupply(host)
  const { metadata, raw } = await supply.chart(scopeOf(host, []), { chart })
  assert.deepEqual([metadata.version, raw.map(({ name }) => name)], ['2.0.0', ['Chart.yaml']])
  addSubmodule(`file://${host.cwd}/srv/team/charts.git`, 'vendored')
  await assert.rejects(versionsOf(t, host, scopeOf(host, []), [{ chart }]), (error: Error & { diagnostics: unknown }) => {
    assert.match(JSON.stringify(error.diagnostics), /supply\/git.*transport 'file' not allowed/)
    return true
  })
})

test('a state file over HTTP from git, its ref and its cache, with the folder around it', async (t) => {
  const host = supplyHost(t)
  host.fs.writeFile('srv/team/env.git/prod/helmfile.yaml', 'releases:\n- name: web\n  chart: ../charts/web\n')
  host.fs.writeFile('srv/team/env.git/charts/web/Chart.yaml', chartText('1.0.0'))
  host.fs.writeFile('srv/team/env.git/charts/web/templates/cm.yaml', 'kind: ConfigMap\nmetadata: {name: {{ .Chart.Version }}}\n')
  commitAll(join(host.cwd, 'srv/team/env.git'))
  const { url, log } = await startGitServer(t, join(host.cwd, 'srv'))
  host.fs.writeFile('here/helmfile.yaml', `helmfiles:\n- path: git::${url}/team/env.git@prod/helmfile.yaml?ref=main&cache=false\n`)
  const run = (...args: string[]) => runFlotilla(args, { cwd: join(host.cwd, 'here'), env: host.env })
  const first = await run('template')
  assert.match(first.stdout, /name: 1\.0\.0/, first.stderr)
  await run('deps')
  log.length = 0
  assert.match((await run('--locked', 'template')).stdout, /name: 1\.0\.0/)
  assert.deepEqual(log, [])
})
