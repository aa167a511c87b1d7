import type { KindRules } from '../kind-rules.ts'
import type { ResourceType } from '../resource-type.ts'
import { prepareJob } from './job.ts'
import { prepareCrd, prepareNamespace, prepareVolumeClaim } from './lifecycle.ts'
import { preparePod } from './pod.ts'
import { prepareService } from './service.ts'

const PREPARE: Readonly<Record<string, NonNullable<KindRules['prepare']>>> = {
  '/namespaces': prepareNamespace,
  '/persistentvolumeclaims': prepareVolumeClaim,
  '/pods': preparePod,
  '/services': prepareService,
  'batch/jobs': prepareJob,
  'apiextensions.k8s.io/customresourcedefinitions': prepareCrd,
}

/** What the server sets in objects of a resource before it checks them; undefined for nothing. */
export function prepareOf(type: ResourceType): KindRules['prepare'] | undefined {
  return PREPARE[type.key] ?? (STATUS_OBJECT.has(type.key) ? withEmptyStatus : undefined)
}

/** Kinds whose objects are shown with a status, be it empty, from the start. */
const STATUS_OBJECT = new Set(['apps/deployments', 'batch/cronjobs', 'networking.k8s.io/networkpolicies'])

function withEmptyStatus(object: Parameters<NonNullable<KindRules['prepare']>>[0]): ReturnType<NonNullable<KindRules['prepare']>> {
  return object['status'] === undefined ? { ...object, status: {} } : object
}
