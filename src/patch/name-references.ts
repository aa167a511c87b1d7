/** A field of objects of `kind` (and `group`) that holds the name of another object, or a map with `name` and `namespace`, or a list of either. */
export interface NamingField {
  readonly kind: string
  readonly group?: string
  readonly version?: string
  readonly path: string
}

/** Objects that others name, and where. */
export interface NamedKind {
  readonly kind: string
  readonly group?: string
  readonly version?: string
  readonly fields: readonly NamingField[]
}

const CRON_JOB = 'spec/jobTemplate/spec/template/spec'

/** Where kinds keep a pod's spec. */
const POD_SPECS: readonly (readonly [kind: string, path: string])[] = [
  ['Pod', 'spec'],
  ['PodTemplate', 'template/spec'],
  ...['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet', 'Job'].map((kind) => [kind, 'spec/template/spec'] as const),
  ['CronJob', CRON_JOB],
]

/** Kustomize's list for account, claim and priority class is another one. */
const FEWER_POD_SPECS: readonly (readonly [kind: string, path: string])[] = [
  ['Pod', 'spec'],
  ...['StatefulSet', 'Deployment', 'ReplicationController', 'Job', 'DaemonSet'].map((kind) => [kind, 'spec/template/spec'] as const),
  ['CronJob', CRON_JOB],
]

function inPods(holders: typeof POD_SPECS, ...paths: readonly string[]): readonly NamingField[] {
  return holders.flatMap(([kind, spec]) => paths.map((path) => ({ kind, path: `${spec}/${path}` })))
}

function field(kind: string, path: string, group?: string): NamingField {
  return { kind, path, ...(group && { group }) }
}

const RBAC = 'rbac.authorization.k8s.io'
const ADMISSION = 'admissionregistration.k8s.io'
const SCALED: readonly string[] = ['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet']

function env(what: 'configMap' | 'secret'): readonly string[] {
  return ['containers', 'initContainers'].flatMap((list) => [`${list}/env/valueFrom/${what}KeyRef/name`, `${list}/envFrom/${what}Ref/name`])
}

const RULES = [field('Role', 'rules/resourceNames'), field('ClusterRole', 'rules/resourceNames')]

const CONFIG_MAP_FIELDS: readonly NamingField[] = [
  ...inPods(POD_SPECS, 'volumes/configMap/name', ...env('configMap'), 'volumes/projected/sources/configMap/name'),
  field('Node', 'spec/configSource/configMap'),
  ...RULES,
  field('Ingress', 'metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap'),
]

const SECRET_FIELDS: readonly NamingField[] = [
  ...inPods(POD_SPECS, 'volumes/secret/secretName', ...env('secret'), 'imagePullSecrets/name', 'volumes/projected/sources/secret/name'),
  field('Ingress', 'spec/tls/secretName'),
  field('Ingress', 'metadata/annotations/ingress.kubernetes.io\\/auth-secret'),
  field('Ingress', 'metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret'),
  field('Ingress', 'metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret'),
  field('ServiceAccount', 'imagePullSecrets/name'),
  ...['secretName', 'adminSecretName', 'userSecretName', 'secretRef'].map((key) => field('StorageClass', `parameters/${key}`)),
  ...RULES,
  { ...field('Service', 'spec/template/spec/containers/env/valueFrom/secretKeyRef/name', 'serving.knative.dev'), version: 'v1' },
  field('PersistentVolume', 'spec/azureFile/secretName'),
]

const SERVICE_FIELDS: readonly NamingField[] = [
  field('StatefulSet', 'spec/serviceName', 'apps'),
  field('Ingress', 'spec/rules/http/paths/backend/serviceName'),
  field('Ingress', 'spec/backend/serviceName'),
  field('Ingress', 'spec/rules/http/paths/backend/service/name'),
  field('Ingress', 'spec/defaultBackend/service/name'),
  field('APIService', 'spec/service/name', 'apiregistration.k8s.io'),
  field('ValidatingWebhookConfiguration', 'webhooks/clientConfig/service', ADMISSION),
  field('MutatingWebhookConfiguration', 'webhooks/clientConfig/service', ADMISSION),
]

/**
 * Which fields name which objects, as kustomize knows it. Its entry for ingress classes names a group that no object has, so it
 * never applies and is not here.
 * Source: sigs.k8s.io/kustomize/api 0.21.1 internal/konfig/builtinpluginconsts/namereference.go
 */
export const NAME_REFERENCES: readonly NamedKind[] = [
  ...SCALED.map((kind) => ({ kind, fields: [field('HorizontalPodAutoscaler', 'spec/scaleTargetRef/name')] })),
  { kind: 'ConfigMap', version: 'v1', fields: CONFIG_MAP_FIELDS },
  { kind: 'Secret', version: 'v1', fields: SECRET_FIELDS },
  { kind: 'Service', version: 'v1', fields: SERVICE_FIELDS },
  { kind: 'Role', group: RBAC, fields: [field('RoleBinding', 'roleRef/name', RBAC)] },
  { kind: 'ClusterRole', group: RBAC, fields: [field('RoleBinding', 'roleRef/name', RBAC), field('ClusterRoleBinding', 'roleRef/name', RBAC)] },
  {
    kind: 'ServiceAccount',
    version: 'v1',
    fields: [field('RoleBinding', 'subjects', RBAC), field('ClusterRoleBinding', 'subjects', RBAC), ...inPods(FEWER_POD_SPECS, 'serviceAccountName')],
  },
  { kind: 'PersistentVolumeClaim', version: 'v1', fields: inPods(FEWER_POD_SPECS, 'volumes/persistentVolumeClaim/claimName') },
  {
    kind: 'PersistentVolume',
    version: 'v1',
    fields: [field('PersistentVolumeClaim', 'spec/volumeName'), field('ClusterRole', 'rules/resourceNames')],
  },
  {
    kind: 'StorageClass',
    version: 'v1',
    group: 'storage.k8s.io',
    fields: [
      field('PersistentVolume', 'spec/storageClassName'),
      field('PersistentVolumeClaim', 'spec/storageClassName'),
      field('StatefulSet', 'spec/volumeClaimTemplates/spec/storageClassName'),
    ],
  },
  { kind: 'PriorityClass', version: 'v1', group: 'scheduling.k8s.io', fields: inPods(FEWER_POD_SPECS, 'priorityClassName') },
  {
    kind: 'ValidatingAdmissionPolicy',
    group: ADMISSION,
    fields: [field('ValidatingAdmissionPolicyBinding', 'spec/policyName', ADMISSION)],
  },
]
