import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Discovery } from '../../../src/kube/client.ts'
import { inServedForm } from '../../../src/release/served-form.ts'

const SERVED: ReadonlySet<string> = new Set([
  'apps/v1',
  'autoscaling/v1',
  'autoscaling/v2',
  'batch/v1',
  'discovery.k8s.io/v1',
  'flowcontrol.apiserver.k8s.io/v1',
  'networking.k8s.io/v1',
  'node.k8s.io/v1',
  'policy/v1',
  'rbac.authorization.k8s.io/v1',
  'scheduling.k8s.io/v1',
  'storage.k8s.io/v1',
])

/** Kubernetes 1.36, as far as these kinds go; of PodSecurityPolicies it knows nothing. */
const discovery = {
  find: (apiVersion: string, kind: string) => (SERVED.has(apiVersion) && kind !== 'PodSecurityPolicy' ? {} : undefined),
} as unknown as Discovery

test('kinds of removed versions are known by the version that is served, and written by it where it has their shape', () => {
  const cases: readonly [recorded: string, known: string, written: string][] = [
    ['apps/v1 Deployment', 'apps/v1', 'apps/v1'],
    ['extensions/v1beta1 Deployment', 'apps/v1', 'apps/v1'],
    ['autoscaling/v2beta2 HorizontalPodAutoscaler', 'autoscaling/v2', 'autoscaling/v2'],
    ['autoscaling/v2beta1 HorizontalPodAutoscaler', 'autoscaling/v2', 'autoscaling/v2beta1'],
    ['batch/v1beta1 CronJob', 'batch/v1', 'batch/v1'],
    ['batch/v2alpha1 CronJob', 'batch/v1', 'batch/v1'],
    ['discovery.k8s.io/v1beta1 EndpointSlice', 'discovery.k8s.io/v1', 'discovery.k8s.io/v1beta1'],
    ['flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema', 'flowcontrol.apiserver.k8s.io/v1', 'flowcontrol.apiserver.k8s.io/v1'],
    ['networking.k8s.io/v1beta1 Ingress', 'networking.k8s.io/v1', 'networking.k8s.io/v1'],
    ['networking.k8s.io/v1beta1 IngressClass', 'networking.k8s.io/v1', 'networking.k8s.io/v1'],
    ['node.k8s.io/v1beta1 RuntimeClass', 'node.k8s.io/v1', 'node.k8s.io/v1'],
    ['policy/v1beta1 PodDisruptionBudget', 'policy/v1', 'policy/v1'],
    ['policy/v1beta1 PodSecurityPolicy', 'policy/v1beta1', 'policy/v1beta1'],
    ['rbac.authorization.k8s.io/v1alpha1 Role', 'rbac.authorization.k8s.io/v1', 'rbac.authorization.k8s.io/v1'],
    ['rbac.authorization.k8s.io/v1alpha1 RoleBinding', 'rbac.authorization.k8s.io/v1', 'rbac.authorization.k8s.io/v1alpha1'],
    ['rbac.authorization.k8s.io/v1beta1 RoleBinding', 'rbac.authorization.k8s.io/v1', 'rbac.authorization.k8s.io/v1'],
    ['scheduling.k8s.io/v1beta1 PriorityClass', 'scheduling.k8s.io/v1', 'scheduling.k8s.io/v1'],
    ['storage.k8s.io/v1beta1 StorageClass', 'storage.k8s.io/v1', 'storage.k8s.io/v1'],
    ['example.com/v1 Widget', 'example.com/v1', 'example.com/v1'],
  ]
  for (const [recorded, known, written] of cases) {
    const [apiVersion = '', kind = ''] = recorded.split(' ')
    const object = { apiVersion, kind, metadata: { name: 'a' } }
    assert.deepEqual(
      [inServedForm(object, discovery), inServedForm(object, discovery, { toWrite: true })].map((one) => one.apiVersion),
      [known, written],
    )
  }
})
