import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { repositoryRoot } from '../../support/paths.ts'

const built = join(repositoryRoot, 'dist/cli')

describe('the program as it is installed', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'flotilla-start-'))
    writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: c\nversion: 0.1.0\n')
    writeFileSync(join(folder, 'helmfile.yaml'), 'releases: [{name: a, namespace: n, chart: .}]\n')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): { readonly status: number | null; readonly stdout: string } => {
    const options = { cwd: folder, encoding: 'utf8', env: { HOME: folder, ...env } } as const
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(repositoryRoot, 'bin/flotilla.js'), ...args], options)
    assert.equal(stderr, '')
    return { status, stdout }
  }
  const code = (): string => join(folder, '.cache/flotilla/v1/code')

  it('is one bundle of ASCII text, which is read as such', () => {
    const bundles = readdirSync(built).filter((name) => name.endsWith('.cjs'))
    assert.equal(bundles.length, 1)
    assert.equal(
      readFileSync(join(built, bundles[0] as string)).find((byte) => byte > 0x7f),
      undefined,
    )
  })

  it('does the same with compiled code as without', () => {
    const first = run(['list'])
    const [name = ''] = readdirSync(code())
    assert.match(name, new RegExp(`^run-process-\\w+\\.cjs-${process.version}-${process.arch}$`))
    assert.match(readFileSync(join(code(), name), 'latin1'), /^[0-9a-f]{64} list\n/)
    assert.deepEqual(run(['list']), first)
    assert.equal(first.status, 0)
  })

  it('imports packages with compiled code as without', () => {
    const args = ['chart', 'template', 'r', '.', '--post-renderer', 'cat']
    mkdirSync(join(folder, 'templates'))
    writeFileSync(join(folder, 'templates/a.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n')
    const first = run(args)
    assert.match(first.stdout, /kind: ConfigMap/)
    assert.deepEqual(run(args), first)
  })

  it('imports packages that its package names', () => {
    const [name = ''] = readdirSync(built).filter((name) => name.endsWith('.cjs'))
    const program = readFileSync(join(built, name), 'latin1')
    const { dependencies } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { dependencies: Record<string, string> }
    const imported = [...program.matchAll(/importPackage\("(?!node:)((?:@[^/"]+\/)?[^/"]+)/g)].map(([, name = '']) => name)
    assert.deepEqual(
      imported.filter((name) => !(name in dependencies)),
      [],
    )
    assert.ok(imported.includes('yaml'))
    assert.equal(/\bimport\(.{0,40}/.exec(program)?.[0], undefined)
  })

  it('keeps no compiled code where Node is told not to', () => {
    run(['list'], { NODE_DISABLE_COMPILE_CACHE: '1' })
    assert.equal(existsSync(code()), false)
  })
})
