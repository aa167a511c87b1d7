import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { KubeObject } from '../../src/kinds/kube-object.ts'
import { type Cluster, startCluster } from '../support/desired-release.ts'
import { configMap, deployment, inScenario, job, type Scenario, service } from '../support/scenario.ts'

let cluster: Cluster
before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

const RBAC = 'rbac.authorization.k8s.io'
const OWN: readonly Rule[] = [
  { apiGroups: ['', 'apps', 'batch'], resources: ['configmaps', 'secrets', 'services', 'deployments', 'jobs', 'pods', 'events'], verbs: ['*'] },
]

/** The server's authorizer hears of new roles a little later than those who made them. */
async function authorized(s: Scenario, namespace: string, rules: readonly Rule[]): Promise<void> {
  const [{ apiGroups: [group = ''] = [], resources: [resource = ''] = [], verbs: [verb = ''] = [] } = {}] = rules
  const resourceAttributes = { namespace, group, resource, verb: verb === '*' ? 'get' : verb }
  const spec = { user: `system:serviceaccount:${s.namespace}:restricted`, resourceAttributes }
  for (let tries = 0; tries < 1_000; tries++) {
    const { status } = await cluster.client.request<{ readonly status: { readonly allowed: boolean } }>({
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/subjectaccessreviews',
      body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec },
    })
    if (status.allowed) return
  }
  assert.fail(`not authorized in ${namespace}`)
}

/** A service account that may do what `rules` say in `namespaces` and nothing elsewhere, and a kubeconfig for it; `s.env` names that file from now on. */
async function restricted(s: Scenario, namespaces: readonly string[], rules: readonly Rule[]): Promise<Scenario> {
  const { client } = cluster
  const name = 'restricted'
  const write = (object: KubeObject): Promise<KubeObject> => client.apply(object, { fieldManager: 'test', force: true })
  for (const namespace of namespaces) {
    await write({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
    await write({ apiVersion: `${RBAC}/v1`, kind: 'Role', metadata: { name, namespace }, rules })
    const subjects = [{ kind: 'ServiceAccount', name, namespace: s.namespace }]
    await write({
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { name, namespace },
      roleRef: { apiGroup: RBAC, kind: 'Role', name },
      subjects,
    })
  }
  await write({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: s.namespace } })
  const { status } = await client.request<{ readonly status: { readonly token: string } }>({
    method: 'POST',
    path: `/api/v1/namespaces/${s.namespace}/serviceaccounts/${name}/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } },
  })
  writeFileSync(
    join(s.folder, 'restricted.kubeconfig'),
    JSON.stringify({
      'current-context': 'c',
      clusters: [{ name: 'c', cluster: { server: client.server, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'c', user: { token: status.token } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'c', namespace: s.namespace } }],
    }),
  )
  for (const namespace of namespaces) await authorized(s, namespace, rules)
  return s
}

const hook = job('before', { 'helm.sh/hook': 'pre-install,pre-upgrade,test', 'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded' })
const chart = (value: string): Readonly<Record<string, string>> => ({
  'all.yaml': ['a', 'b', 'c'].map((name) => configMap(`{{ .Release.Name }}-${name}`, { value })).join('') + service('{{ .Release.Name }}'),
  'web.yaml': deployment('{{ .Release.Name }}'),
  'hook.yaml': hook.replace('"before"', '"{{ .Release.Name }}-before"'),
})

describe('with the rights of a namespace alone', () => {
  test('the whole life of a release', () =>
    inScenario(cluster, async (s) => {
      await restricted(s, [s.namespace], OWN)
      const as = ['--kubeconfig', 'restricted.kubeconfig']
      s.chart(chart('1'))
      s.state({ wait: true })
      await s.apply(...as)
      s.chart(chart('2'))
      await s.apply(...as)
      await s.run(0, 'status', ...as)
      await s.run(0, 'rollback', 'app', '1', ...as)
      await s.run(0, 'test', ...as)
      assert.match((await s.run(0, 'history', 'app', ...as)).stdout, /\n3 .* deployed .*Rollback to 1/)
      await s.run(0, 'destroy', ...as)
      assert.deepEqual([await s.history(), await s.names('ConfigMap', 'Service', 'Deployment', 'Job')], [[], []])
    }))

  test('as somebody else, on whose behalf the command line acts', () =>
    inScenario(cluster, async (s) => {
      await restricted(s, [s.namespace], OWN)
      const as = ['--kube-as-user', `system:serviceaccount:${s.namespace}:restricted`, '--kube-as-group', 'system:authenticated,dev']
      s.chart({ 'a.yaml': configMap('a', { x: '1' }) })
      s.state()
      await s.apply(...as)
      s.releases({ name: 'app', namespace: `${s.namespace}-other` })
      const { stderr } = await s.run(1, 'diff', ...as)
      assert.match(stderr, new RegExp(`system:serviceaccount:${s.namespace}:restricted`))
    }))

  test('releases of several namespaces, none of which may be looked at from above', () =>
    inScenario(cluster, async (s) => {
      const names = [s.namespace, ...['b', 'c', 'd', 'e', 'f'].map((suffix) => `${s.namespace}-${suffix}`)]
      await restricted(s, names, OWN)
      const as = ['--kubeconfig', 'restricted.kubeconfig']
      s.chart(chart('1'))
      s.releases(...names.map((namespace) => ({ name: 'app', namespace })))
      await s.apply(...as)
      await s.run(0, 'destroy', ...as)
      for (const name of names.slice(1)) await cluster.client.delete({ apiVersion: 'v1', kind: 'Namespace', name })
    }))

  test('objects that may be read but neither listed nor watched', () =>
    inScenario(cluster, async (s) => {
      const single = { apiGroups: ['', 'apps'], resources: ['configmaps', 'services', 'deployments', 'pods'] }
      await restricted(
        s,
        [s.namespace],
        [
          { ...single, verbs: ['get', 'create', 'patch', 'update', 'delete'] },
          { apiGroups: [''], resources: ['secrets'], verbs: ['*'] },
        ],
      )
      const as = ['--kubeconfig', 'restricted.kubeconfig']
      s.chart({ 'all.yaml': chart('1')['all.yaml'] as string, 'web.yaml': deployment('web') })
      s.state({ wait: true })
      await s.apply(...as)
      await s.run(0, 'destroy', ...as)
    }))

  test('what is denied is named: verb, kind and namespace', () =>
    inScenario(cluster, async (s) => {
      await restricted(s, [s.namespace], [{ apiGroups: ['', 'apps'], resources: ['configmaps', 'secrets', 'deployments'], verbs: ['*'] }])
      s.chart({ 'web.yaml': service('web') + configMap('a', { x: '1' }) })
      s.state()
      const { stderr } = await s.applyFails('--kubeconfig', 'restricted.kubeconfig')
      assert.match(stderr, new RegExp(`(get|list) services in namespace ${s.namespace}`))
      assert.match(stderr, /hint: ask for a role that may/)
      const { stderr: elsewhere } = await s.run(1, 'status', '--kubeconfig', 'restricted.kubeconfig', '--namespace', `${s.namespace}-other`)
      assert.match(elsewhere, new RegExp(`list secrets in namespace ${s.namespace}-other`))
    }))
})
