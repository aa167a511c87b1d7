import { isObject, type JsonObject, objectOf, textOf, valueAt } from '../../base/json.ts'
import { listOf } from '../json.ts'
import { fill, mapItems, mapMember, mapSpec } from './fill.ts'

const RBAC = 'rbac.authorization.k8s.io'

/** Source: kubernetes pkg/apis/rbac/v1/defaults.go */
export function defaultRoleBinding(object: JsonObject): JsonObject {
  const bound = mapMember(object, 'roleRef', (ref) => (textOf(ref['apiGroup']) === '' ? { ...ref, apiGroup: RBAC } : ref))
  return mapItems(bound, 'subjects', (subject) => {
    const isPerson = subject['kind'] === 'User' || subject['kind'] === 'Group'
    return isPerson && textOf(subject['apiGroup']) === '' ? { ...subject, apiGroup: RBAC } : subject
  })
}

/** Source: kubernetes pkg/apis/storage/v1/defaults.go */
export function defaultStorageClass(object: JsonObject): JsonObject {
  return fill(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' })
}

/** Source: kubernetes pkg/apis/networking/v1/defaults.go */
export function defaultNetworkPolicy(object: JsonObject): JsonObject {
  return mapSpec(object, (spec) => {
    const types = listOf(spec['egress']).length > 0 ? ['Ingress', 'Egress'] : ['Ingress']
    const withPorts = (rule: JsonObject): JsonObject => mapItems(rule, 'ports', (port) => fill(port, { protocol: 'TCP' }))
    const filled = listOf(spec['policyTypes']).length === 0 ? { ...spec, policyTypes: types } : spec
    return mapItems(mapItems(filled, 'ingress', withPorts), 'egress', withPorts)
  })
}

const CPU_80 = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }

/** Source: kubernetes pkg/apis/autoscaling/v2/defaults.go */
export function defaultAutoscaler(object: JsonObject): JsonObject {
  return mapSpec(object, (spec) => {
    const filled = fill(spec, { minReplicas: 1 })
    return listOf(filled['metrics']).length === 0 ? { ...filled, metrics: [CPU_80] } : filled
  })
}

/** Source: kubernetes pkg/apis/admissionregistration/v1/defaults.go */
export function defaultWebhooks(object: JsonObject): JsonObject {
  const isMutating = object['kind'] === 'MutatingWebhookConfiguration'
  return mapItems(object, 'webhooks', (webhook) => {
    const filled = fill(webhook, {
      failurePolicy: 'Fail',
      matchPolicy: 'Equivalent',
      namespaceSelector: {},
      objectSelector: {},
      timeoutSeconds: 10,
      ...(isMutating ? { reinvocationPolicy: 'Never' } : {}),
    })
    const ruled = mapItems(filled, 'rules', (rule) => fill(rule, { scope: '*' }))
    return mapMember(ruled, 'clientConfig', (config) => mapMember(config, 'service', (service) => fill(service, { port: 443 })))
  })
}

/** Source: apiextensions-apiserver pkg/apis/apiextensions/v1/defaults.go */
export function defaultCrd(object: JsonObject): JsonObject {
  return mapSpec(object, (spec) => {
    const named = mapMember(spec, 'names', (names) =>
      fill(names, {
        singular: textOf(names['kind']).toLowerCase(),
        ...(textOf(names['kind']) === '' ? {} : { listKind: `${textOf(names['kind'])}List` }),
      }),
    )
    const conversion = fill(objectOf(named['conversion']), { strategy: 'None' })
    const isWebhook = isObject(valueAt(conversion, 'webhook', 'clientConfig', 'service'))
    const ported = isWebhook
      ? mapMember(conversion, 'webhook', (w) => mapMember(w, 'clientConfig', (c) => mapMember(c, 'service', (s) => fill(s, { port: 443 }))))
      : conversion
    return { ...named, conversion: ported }
  })
}
