import { isObject, type JsonObject, objectOf, sameJson } from '../base/json.ts'
import { withoutUndefined } from '../base/without-undefined.ts'
import type { KubeObject } from '../kinds/kube-object.ts'

/** How the body of an object is written in the version that its kind goes on in. */
type Conversion = (spec: JsonObject) => JsonObject

const CONVERSIONS: ReadonlyMap<string, Conversion> = new Map([
  ['extensions/v1beta1 Ingress', ingressSpec],
  ['networking.k8s.io/v1beta1 Ingress', ingressSpec],
  ['policy/v1beta1 PodDisruptionBudget', budgetSpec],
])

/** `object` as its kind is written under `apiVersion` now, as Kubernetes itself converted it. */
export function converted(object: KubeObject, apiVersion: string): KubeObject {
  const conversion = CONVERSIONS.get(`${object.apiVersion} ${object.kind}`)
  const { spec } = object
  return { ...object, apiVersion, ...(conversion && isObject(spec) && { spec: conversion(spec) }) }
}

/** Source: kubernetes 1.36 pkg/apis/networking/v1beta1 conversion.go, defaults.go */
function ingressSpec({ backend, rules, ...rest }: JsonObject): JsonObject {
  return withoutUndefined({
    ...rest,
    defaultBackend: isObject(backend) ? ingressBackend(backend) : undefined,
    rules: Array.isArray(rules) ? rules.map(ingressRule) : rules,
  })
}

function ingressRule(rule: unknown): unknown {
  const { http, ...rest } = objectOf(rule)
  const { paths, ...others } = objectOf(http)
  return Array.isArray(paths) ? { ...rest, http: { ...others, paths: paths.map(ingressPath) } } : rule
}

function ingressPath(path: unknown): unknown {
  const { backend, ...rest } = objectOf(path)
  return { pathType: 'ImplementationSpecific', ...rest, backend: ingressBackend(objectOf(backend)) }
}

function ingressBackend({ serviceName, servicePort, ...rest }: JsonObject): JsonObject {
  if (serviceName === undefined && servicePort === undefined) return rest
  const port = typeof servicePort === 'string' ? { name: servicePort } : servicePort ? { number: servicePort } : {}
  return { ...rest, service: { name: serviceName, port } }
}

const NEVER_PRESENT = 'pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match'

/** An empty selector chose no pods; now it would choose all. Source: kubernetes 1.36 pkg/apis/policy/v1beta1/conversion.go */
function budgetSpec(spec: JsonObject): JsonObject {
  const { selector } = spec
  const only = (operator: string): JsonObject => ({ matchExpressions: [{ key: NEVER_PRESENT, operator }] })
  if (sameJson(selector, {})) return { ...spec, selector: only('Exists') }
  return sameJson(selector, only('DoesNotExist')) ? { ...spec, selector: {} } : spec
}
