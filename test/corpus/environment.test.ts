import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Outcome, runFlotilla } from '../support/command-line.ts'
import { skipWithout, unpackedCorpus } from '../support/corpus.ts'
import { type Cluster, startCluster } from '../support/desired-release.ts'

const CHARTS = 25
const LARGEST = 60_000
/** Charts with versions that were removed, or with custom resources whose CRDs they do not bring, can be installed nowhere. */
const SERVED: ReadonlySet<string> = new Set([
  'v1',
  'apps/v1',
  'batch/v1',
  'policy/v1',
  'networking.k8s.io/v1',
  'rbac.authorization.k8s.io/v1',
  'autoscaling/v2',
])

/** The first charts by name that render to something of usual size, the same each time, with a workload in it. */
function chartsOf(root: string): readonly string[] {
  const isUsable = (slug: string): boolean => {
    const file = join(root, slug, 'cases.json')
    if (!existsSync(file)) return false
    const { default: usual } = (
      JSON.parse(readFileSync(file, 'utf8')) as { cases: Record<string, { status: string; volatileLines?: unknown[] } | undefined> }
    ).cases
    const expected = join(root, slug, 'default.expected.yaml')
    if (usual?.status !== 'ok' || (usual.volatileLines ?? []).length > 0 || statSync(expected).size > LARGEST) return false
    const text = readFileSync(expected, 'utf8')
    const versions = [...text.matchAll(/^apiVersion: ["']?([^"'\s]+)/gm)].map((found) => found[1] ?? '')
    return /^kind: (Deployment|StatefulSet)$/m.test(text) && versions.every((version) => SERVED.has(version))
  }
  return readdirSync(root).sort().filter(isUsable).slice(0, CHARTS)
}

function writeEnvironment(folder: string, root: string, charts: readonly string[]): void {
  const lines = ['helmDefaults: {createNamespace: true}', 'releases:']
  charts.forEach((slug, i) => {
    cpSync(join(root, slug, 'chart'), join(folder, 'charts', slug), { recursive: true, verbatimSymlinks: true })
    lines.push(
      `- name: r${i}`,
      `  namespace: ${i % 2 === 0 ? 'even' : 'odd'}`,
      `  chart: ./charts/${slug}`,
      `  values: [{podAnnotations: {note: {{ .Values.note | quote }}}}]`,
    )
    if (i >= 5) lines.push(`  needs: [${(i - 5) % 2 === 0 ? 'even' : 'odd'}/r${i - 5}]`)
  })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'helmfile.yaml.gotmpl'), `values: [{note: first}]\n---\n${lines.join('\n')}\n`)
}

/** Everything of any kind that bears the marks of one of the releases, but for what is on its way out or says that it is to stay. */
async function leftBehind({ client }: Cluster): Promise<readonly string[]> {
  const { resources } = await client.discovery()
  const listable = resources.filter(({ verbs }) => verbs.includes('list') && verbs.includes('delete'))
  const lists = await Promise.all(listable.map(({ group, version, kind }) => client.list(group === '' ? version : `${group}/${version}`, kind)))
  const ours = lists.flat().filter(({ metadata }) => {
    const { annotations = {}, deletionTimestamp } = metadata
    const isOurs = !metadata['ownerReferences'] && ['even', 'odd'].includes(annotations['meta.helm.sh/release-namespace'] ?? '')
    return isOurs && deletionTimestamp === undefined && annotations['helm.sh/resource-policy'] !== 'keep'
  })
  return ours.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name ?? ''}`)
}

test('25 third-party charts: diff, apply, diff, change, apply, rollback, destroy', { skip: skipWithout('charts.tar.xz') }, async () => {
  const root = unpackedCorpus('charts.tar.xz')
  const charts = chartsOf(root)
  assert.equal(charts.length, CHARTS)
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-environment-'))
  const cluster = await startCluster()
  writeEnvironment(folder, root, charts)
  const run = async (exit: number, ...args: string[]): Promise<Outcome> => {
    const outcome = await runFlotilla(['--skip-deps', ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, KUBECONFIG: cluster.kubeconfig },
    })
    assert.equal(outcome.exit, exit, `flotilla ${args.join(' ')}\n${outcome.stderr.slice(-4000)}`)
    return outcome
  }
  try {
    const first = await run(2, 'diff', '--detailed-exitcode')
    assert.match(first.stdout, /Plan: 25 to install; objects: \d+ to create/)
    await run(0, 'apply', '--suppress-diff')
    const second = await run(0, 'diff', '--detailed-exitcode')
    assert.equal(second.stdout, 'Plan: 25 unchanged\n')
    const changed = ['--state-values-set', 'note=second']
    const third = await run(2, ...changed, 'diff', '--detailed-exitcode')
    const touched = Number(/Plan: (\d+) to upgrade/.exec(third.stdout)?.[1])
    assert.ok(touched >= 10, third.stdout.slice(-300))
    assert.match(third.stdout, /~ annotation note: first → second/)
    await run(0, ...changed, 'apply', '--suppress-diff')
    assert.equal((await run(0, ...changed, 'diff', '--detailed-exitcode')).stdout, 'Plan: 25 unchanged\n')
    const upgraded = [...third.stdout.matchAll(/^((?:even|odd)\/r\d+): upgrade/gm)].map((found) => found[1] as string)
    assert.equal(upgraded.length, touched)
    for (const name of upgraded) {
      await run(0, 'rollback', name)
      const history = JSON.parse((await run(0, 'history', name, '--output', 'json')).stdout) as { revision: number; status: string }[]
      assert.deepEqual(
        history.map(({ revision, status }) => `${revision} ${status}`),
        ['1 superseded', '2 superseded', '3 deployed'],
      )
    }
    assert.equal((await run(0, 'diff', '--detailed-exitcode')).stdout, 'Plan: 25 unchanged\n')
    await run(0, 'destroy')
    const left = JSON.parse((await run(0, 'status', '--output', 'json')).stdout) as { status: string }[]
    assert.deepEqual([...new Set(left.map(({ status }) => status))], ['not installed'])
    assert.deepEqual(await leftBehind(cluster), [])
  } finally {
    await cluster.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
