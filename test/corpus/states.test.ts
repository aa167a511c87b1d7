import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { after, describe, test } from 'node:test'
import { type Outcome, runFlotilla } from '../support/command-line.ts'
import { skipWithout, unpackedCorpus } from '../support/corpus.ts'

const ARCHIVE = 'states.tar.xz'

interface Run {
  readonly name: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly stdin?: string
  readonly exit: number
  readonly stdout: string | null
  readonly files?: Readonly<Record<string, string>>
  readonly stderrContains?: readonly string[]
}

interface Case {
  readonly slug: string
  readonly folder: string
  readonly covers: readonly string[]
  readonly runs: readonly Run[]
}

/** Where we differ on purpose. */
const DIFFERENT: Readonly<Record<string, string>> = {
  'tpl-inherit-override-scalars': 'a release changes what the next one inherits, which is not followed',
}

function eachCase(root: string): readonly Case[] {
  return readdirSync(root)
    .filter((slug) => existsSync(join(root, slug, 'case.json')))
    .map((slug) => ({
      slug,
      folder: join(root, slug),
      ...(JSON.parse(readFileSync(join(root, slug, 'case.json'), 'utf8')) as Omit<Case, 'slug' | 'folder'>),
    }))
}

function reasonToSkip({ slug }: Case): string | undefined {
  if (slug === 'rend-chartify-kustomization' && !findProgram('kustomize')) return 'there is no kustomize in PATH'
  return DIFFERENT[slug]
}

const PROGRAMS = ['sh', 'echo', 'cat', 'tr', 'rm', 'mkdir', 'kustomize'] as const

function findProgram(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((place) => join(place, name))
    .find(existsSync)
}

/** A folder with the programs the corpus was recorded with, and no others. */
function makePath(folder: string): string {
  mkdirSync(folder)
  for (const name of PROGRAMS) {
    const found = findProgram(name)
    if (found) symlinkSync(found, join(folder, name))
  }
  return folder
}

async function execute(folder: string, run: Run): Promise<Outcome> {
  const here = (text: string): string => text.replaceAll('@CASE@', folder)
  const own = Object.fromEntries(Object.entries(run.env).map(([key, value]) => [key, here(value)]))
  const home = join(folder, 'home')
  mkdirSync(home)
  return runFlotilla(run.args.map(here), {
    cwd: join(folder, run.cwd),
    env: { PATH: makePath(join(folder, 'bin')), HOME: home, TZ: 'UTC', NO_COLOR: '1', LANG: 'C.UTF-8', ...own },
    ...(run.stdin === undefined ? {} : { stdin: run.stdin }),
  })
}

/** Fragments name lines of Go's parts and nodes in its words; ours stand in the place and the excerpt. */
function core(fragment: string): string {
  return fragment
    .replace(/^(?:yaml: )?line \d+: /, '')
    .replace(/^at <.*>: /, '')
    .replace('"helmfile"', '"flotilla"')
}

function recorded(root: Case, name: string, folder: string): string {
  return readFileSync(join(root.folder, name), 'utf8').replaceAll('@CASE@', folder)
}

/**
 * Blank lines that end a document are not compared: Helm's versions print different numbers of them, and chartify prints one before
 * a kustomization. Nor is the comment that
 * names a built file's source, where Helmfile joins two absolute paths.
 */
function comparable(text: string): string {
  return text
    .replace(/\n\s*\n(?=---\n|$)/g, '\n')
    .replace(/^# {2}Source: .*$/gm, '#  Source')
    .trim()
}

function checkRun(root: Case, run: Run, outcome: Outcome, folder: string): void {
  assert.equal(outcome.exit, run.exit, `exit code\n${outcome.stderr}`)
  for (const fragment of run.stderrContains ?? []) {
    assert.ok(outcome.stderr.includes(core(fragment)), `stderr lacks ${fragment}\n${outcome.stderr}`)
  }
  for (const [path, expected] of Object.entries(run.files ?? {})) {
    const written = resolve(folder, run.cwd, path.replaceAll('@CASE@', folder))
    assert.equal(readFileSync(written, 'utf8'), recorded(root, expected, folder), path)
  }
  if (run.stdout !== null) assert.equal(comparable(outcome.stdout), comparable(recorded(root, run.stdout, folder)))
}

async function runCase(root: Case, run: Run): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'flotilla-state-')))
  try {
    cpSync(join(root.folder, 'input'), join(folder, 'input'), { recursive: true })
    checkRun(root, run, await execute(folder, run), folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Count {
  passed: number
  failed: number
  skipped: number
}

const COMMANDS = /^(?:build|list|show-dag|template|write-values)$/

describe('state files as Helmfile 1.8 reads them', { skip: skipWithout(ARCHIVE) }, () => {
  if (skipWithout(ARCHIVE)) return
  const counts = new Map<string, Count>()
  const count = (keys: readonly string[], what: keyof Count): void => {
    for (const key of keys) {
      const at = counts.get(key) ?? { passed: 0, failed: 0, skipped: 0 }
      at[what]++
      counts.set(key, at)
    }
  }
  for (const root of eachCase(unpackedCorpus(ARCHIVE))) {
    const reason = reasonToSkip(root)
    for (const run of root.runs) {
      const keys = [`command ${run.args.find((arg) => COMMANDS.test(arg)) ?? 'other'}`, ...root.covers]
      if (reason) count(keys, 'skipped')
      test(`${root.slug} ${run.name}`, { skip: reason ?? false }, async () => {
        let passed = false
        try {
          await runCase(root, run)
          passed = true
        } finally {
          count(keys, passed ? 'passed' : 'failed')
        }
      })
    }
  }
  after(() => {
    for (const [key, { passed, failed, skipped }] of [...counts].sort()) {
      console.log(`${key}: ${passed} passed, ${failed} failed, ${skipped} skipped`)
    }
  })
})
