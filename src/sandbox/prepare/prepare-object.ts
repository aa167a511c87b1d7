import type { KindRules } from '../kind-rules.ts'
import type { ResourceType } from '../resource-type.ts'
import { prepareDaemonSet } from './daemon-set.ts'
import { prepareJob } from './job.ts'
import { prepareCrd, prepareNamespace, prepareVolumeClaim } from './lifecycle.ts'
import { preparePod } from './pod.ts'
import { prepareService } from './service.ts'

const PREPARE: Readonly<Record<string, NonNullable<KindRules['prepare']>>> = {
  '/namespaces': prepareNamespace,
  '/persistentvolumeclaims': prepareVolumeClaim,
  '/pods': preparePod,
  '/services': prepareService,
  'apps/daemonsets': prepareDaemonSet,
  'batch/jobs': prepareJob,
  'apiextensions.k8s.io/customresourcedefinitions': prepareCrd,
}

/** What the server sets in objects of a resource before it checks them; undefined for nothing. */
export function prepareOf(type: ResourceType): KindRules['prepare'] | undefined {
  return PREPARE[type.key]
}
