import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { repositoryRoot } from '../../support/paths.ts'

/** Prints the address of every module that Node loads. */
const TELLING = `import { writeSync } from 'node:fs'
export async function load(url, context, next) { writeSync(2, 'loads ' + url + '\\n'); return next(url, context) }`

const asModule = (text: string): string => `data:text/javascript,${encodeURIComponent(text)}`

const PRELOAD = asModule(`import { register } from 'node:module'\nregister(${JSON.stringify(asModule(TELLING))})`)

const STATE = `environments: { default: { values: [{ tier: front }] } }
---
releases: [{ name: a, namespace: n, chart: ., labels: { tier: {{ .Values.tier }} } }]
`

function packagesOf(args: readonly string[], cwd: string): readonly string[] {
  const main = join(repositoryRoot, 'dist/src/cli/main.js')
  const { status, stderr } = spawnSync(process.execPath, ['--import', PRELOAD, main, ...args], { cwd, encoding: 'utf8', env: { HOME: cwd } })
  assert.equal(status, 0, stderr)
  return [...new Set([...stderr.matchAll(/^loads .*\/node_modules\/((?:@[^/]+\/)?[^/]+)/gm)].map(([, name = '']) => name))].sort()
}

test('commands that ask nobody load no package that takes time', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-loads-'))
  try {
    writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: c\nversion: 0.1.0\n')
    writeFileSync(join(folder, 'helmfile.yaml.gotmpl'), STATE)
    for (const [args, packages] of [
      [['version'], []],
      [['list'], ['p-limit', 'yocto-queue']],
      [['template'], []],
    ] as const) {
      assert.deepEqual(packagesOf(args, folder), packages, args.join(' '))
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
