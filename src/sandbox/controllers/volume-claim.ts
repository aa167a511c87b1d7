import { type JsonObject, textOf, valueAt } from '../../base/json.ts'
import { type Cluster, withMetadata } from '../cluster.ts'
import { listOf } from '../json.ts'
import { create, replace, setStatus } from './as-controller.ts'
import type { Controller } from './controller.ts'
import { deleteAs } from './delete-pod.ts'
import { isDeleting, nameOf, namespaceOf, objectAt, placeOf, uidOf } from './owned.ts'

const CLAIMS = '/persistentvolumeclaims'
const VOLUMES = '/persistentvolumes'
const PROTECTION = 'kubernetes.io/pvc-protection'

/** Makes a volume for every claim of a class that exists, binds them, and lets go of claims that are being deleted. */
export const volumeClaimController: Controller = {
  resources: [CLAIMS],
  keyOf: ({ type, object }) => (type === 'DELETED' ? '' : placeOf(object)),
  reconcile: (cluster, place) => {
    const claim = objectAt(cluster, CLAIMS, place)
    if (!claim) return
    if (isDeleting(claim)) release(cluster, claim)
    else if (valueAt(claim, 'status', 'phase') !== 'Bound') bind(cluster, claim)
  },
}

function bind(cluster: Cluster, claim: JsonObject): void {
  const className = textOf(valueAt(claim, 'spec', 'storageClassName'))
  const named = textOf(valueAt(claim, 'spec', 'volumeName'))
  const storageClass = cluster.storage.get('storage.k8s.io/storageclasses', '', className)
  const name = named === '' ? `pvc-${uidOf(claim)}` : named
  const volume =
    cluster.storage.get(VOLUMES, '', name) ?? (storageClass && named === '' ? createVolume(cluster, claim, storageClass, name) : undefined)
  if (!volume) return
  const bound = replace(cluster, CLAIMS, claim, { ...claim, spec: { ...(claim['spec'] as JsonObject), volumeName: name } })
  const annotated = withMetadata(bound, {
    annotations: {
      ...(valueAt(bound, 'metadata', 'annotations') as JsonObject | undefined),
      'pv.kubernetes.io/bind-completed': 'yes',
      'pv.kubernetes.io/bound-by-controller': 'yes',
    },
  })
  const live = replace(cluster, CLAIMS, bound, annotated)
  setStatus(cluster, CLAIMS, live, {
    phase: 'Bound',
    accessModes: valueAt(claim, 'spec', 'accessModes'),
    capacity: valueAt(claim, 'spec', 'resources', 'requests'),
  })
  setStatus(cluster, VOLUMES, volume, { phase: 'Bound' })
}

function createVolume(cluster: Cluster, claim: JsonObject, storageClass: JsonObject, name: string): JsonObject {
  return create(cluster, VOLUMES, '', {
    metadata: { name, annotations: { 'pv.kubernetes.io/provisioned-by': storageClass['provisioner'] } },
    spec: {
      capacity: valueAt(claim, 'spec', 'resources', 'requests'),
      accessModes: valueAt(claim, 'spec', 'accessModes'),
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: namespaceOf(claim), name: nameOf(claim), uid: uidOf(claim) },
      persistentVolumeReclaimPolicy: storageClass['reclaimPolicy'] ?? 'Delete',
      storageClassName: nameOf(storageClass),
      volumeMode: valueAt(claim, 'spec', 'volumeMode'),
      hostPath: { path: `/var/lib/sandbox/${name}` },
    },
  })
}

/** Claims that no pod uses go, and their volumes with them where the class says so. */
function release(cluster: Cluster, claim: JsonObject): void {
  const isUsed = cluster.storage
    .list('/pods', namespaceOf(claim))
    .some((pod) => listOf(valueAt(pod, 'spec', 'volumes')).some((v) => valueAt(v, 'persistentVolumeClaim', 'claimName') === nameOf(claim)))
  const finalizers = listOf(valueAt(claim, 'metadata', 'finalizers'))
  if (isUsed) cluster.after(50, () => volumeClaimController.reconcile(cluster, placeOf(claim)))
  if (isUsed || !finalizers.includes(PROTECTION)) return
  const rest = finalizers.filter((f) => f !== PROTECTION)
  const volume = cluster.storage.get(VOLUMES, '', textOf(valueAt(claim, 'spec', 'volumeName')))
  replace(cluster, CLAIMS, claim, withMetadata(claim, { finalizers: rest.length > 0 ? rest : undefined }))
  if (volume && valueAt(volume, 'spec', 'persistentVolumeReclaimPolicy') === 'Delete') deleteAs(cluster, VOLUMES, volume)
}
