import { isObject, type JsonObject, objectOf, textOf, valueAt } from '../../base/json.ts'
import { listOf } from '../json.ts'
import { quantityNanos } from '../schema/quantity.ts'
import type { Cause } from '../status.ts'
import { duplicateValue, forbiddenField, invalidValue, notFoundValue, oneOf, portNumber, requiredValue } from './causes.ts'
import { labelProblems, portNameProblems, qualifiedNameProblems } from './names.ts'

/** What is wrong with a pod's containers. `volumes` are the names they may mount. Source of all here: kubernetes pkg/apis/core/validation/validation.go */
export function validateContainers(
  containers: readonly JsonObject[],
  field: string,
  volumes: ReadonlySet<string>,
  taken: Set<string>,
  isInit: boolean,
): readonly Cause[] {
  return containers.flatMap((container, i) => {
    const here = `${field}[${i}]`
    const name = textOf(container['name'])
    const duplicate = taken.has(name) ? [duplicateValue(`${here}.name`, name)] : []
    const nameCauses =
      name === '' ? [requiredValue(`${here}.name`)] : [...labelProblems(name).map((p) => invalidValue(`${here}.name`, name, p)), ...duplicate]
    taken.add(name)
    return [...nameCauses, ...validateContainer(container, here, volumes, isInit)]
  })
}

function validateContainer(container: JsonObject, field: string, volumes: ReadonlySet<string>, isInit: boolean): readonly Cause[] {
  const image = textOf(container['image'])
  const causes: Cause[] = []
  if (image === '') causes.push(requiredValue(`${field}.image`))
  else if (image !== image.trim()) causes.push(invalidValue(`${field}.image`, image, 'must not have leading or trailing whitespace'))
  causes.push(...oneOf(`${field}.terminationMessagePolicy`, container['terminationMessagePolicy'], ['FallbackToLogsOnError', 'File']))
  causes.push(...validatePorts(listOf(container['ports']).map(objectOf), `${field}.ports`))
  causes.push(...listOf(container['env']).flatMap((variable, i) => validateVariable(objectOf(variable), `${field}.env[${i}]`)))
  causes.push(...validateMounts(listOf(container['volumeMounts']).map(objectOf), `${field}.volumeMounts`, volumes))
  causes.push(...oneOf(`${field}.imagePullPolicy`, container['imagePullPolicy'], ['Always', 'IfNotPresent', 'Never']))
  causes.push(...validateResources(objectOf(container['resources']), `${field}.resources`))
  if (!isInit)
    for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe'])
      causes.push(...validateProbe(container[probe], `${field}.${probe}`, probe))
  return causes
}

function validatePorts(ports: readonly JsonObject[], field: string): readonly Cause[] {
  const names = new Set<string>()
  return ports.flatMap((port, i) => {
    const here = `${field}[${i}]`
    const name = textOf(port['name'])
    const causes = name === '' ? [] : portNameProblems(name).map((p) => invalidValue(`${here}.name`, name, p))
    if (name !== '' && names.has(name)) causes.push(duplicateValue(`${here}.name`, name))
    names.add(name)
    if (port['containerPort'] === undefined || port['containerPort'] === 0) causes.push(requiredValue(`${here}.containerPort`))
    else causes.push(...portNumber(`${here}.containerPort`, port['containerPort']))
    causes.push(...portNumber(`${here}.hostPort`, port['hostPort']))
    return [...causes, ...oneOf(`${here}.protocol`, port['protocol'], ['SCTP', 'TCP', 'UDP'])]
  })
}

const SOURCES = ['fieldRef', 'resourceFieldRef', 'configMapKeyRef', 'secretKeyRef', 'fileKeyRef']

function validateVariable(variable: JsonObject, field: string): readonly Cause[] {
  const name = textOf(variable['name'])
  const causes: Cause[] = []
  if (name === '') causes.push(requiredValue(`${field}.name`))
  else if (!/^[ -<>-~]+$/.test(name))
    causes.push(
      invalidValue(`${field}.name`, name, "a valid environment variable name must consist only of printable ASCII characters other than '='"),
    )
  const from = variable['valueFrom']
  if (!isObject(from)) return causes
  const count = SOURCES.filter((source) => from[source] !== undefined).length
  if (textOf(variable['value']) !== '' && count > 0)
    causes.push(invalidValue(`${field}.valueFrom`, '', 'may not be specified when `value` is not empty'))
  else if (count > 1) causes.push(invalidValue(`${field}.valueFrom`, '', 'may not have more than one field specified at a time'))
  else if (count === 0)
    causes.push(
      invalidValue(
        `${field}.valueFrom`,
        '',
        `must specify one of: \`${SOURCES.slice(0, 4)
          .join('`, `')
          .replace(/, `secretKeyRef$/, ' or `secretKeyRef')}\``,
      ),
    )
  for (const source of ['configMapKeyRef', 'secretKeyRef']) {
    if (isObject(from[source]) && textOf(valueAt(from, source, 'key')) === '') causes.push(requiredValue(`${field}.valueFrom.${source}.key`))
  }
  return causes
}

function validateMounts(mounts: readonly JsonObject[], field: string, volumes: ReadonlySet<string>): readonly Cause[] {
  const paths = new Set<string>()
  return mounts.flatMap((mount, i) => {
    const here = `${field}[${i}]`
    const name = textOf(mount['name'])
    const path = textOf(mount['mountPath'])
    const causes: Cause[] = []
    if (name === '') causes.push(requiredValue(`${here}.name`))
    else if (!volumes.has(name)) causes.push(notFoundValue(`${here}.name`, name))
    if (path === '') causes.push(requiredValue(`${here}.mountPath`))
    else if (paths.has(path)) causes.push(invalidValue(`${here}.mountPath`, path, 'must be unique'))
    paths.add(path)
    return causes
  })
}

const STANDARD_RESOURCES = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/

function validateResources(resources: JsonObject, field: string): readonly Cause[] {
  const limits = objectOf(resources['limits'])
  const requests = objectOf(resources['requests'])
  const causes = [...validateQuantities(limits, `${field}.limits`), ...validateQuantities(requests, `${field}.requests`)]
  for (const [name, request] of Object.entries(requests)) {
    const limit = limits[name]
    const [asked, most] = [quantityNanos(String(request)), quantityNanos(String(limit))]
    if (limit !== undefined && asked !== undefined && most !== undefined && asked > most) {
      causes.push(invalidValue(`${field}.requests`, request, `must be less than or equal to ${name} limit of ${String(limit)}`))
    }
  }
  return causes
}

function validateQuantities(quantities: JsonObject, field: string): Cause[] {
  return Object.entries(quantities).flatMap(([name, quantity]) => {
    const here = `${field}[${name}]`
    const causes = qualifiedNameProblems(name).map((p) => invalidValue(here, name, p))
    if (!name.includes('/') && !STANDARD_RESOURCES.test(name)) {
      causes.push(
        invalidValue(here, name, 'must be a standard resource type or fully qualified'),
        invalidValue(here, name, 'must be a standard resource for containers'),
      )
    }
    if ((quantityNanos(String(quantity)) ?? 0n) < 0n) causes.push(invalidValue(here, quantity, 'must be greater than or equal to 0'))
    return causes
  })
}

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc']

function validateProbe(probe: unknown, field: string, kind: string): readonly Cause[] {
  if (!isObject(probe)) return []
  const causes: Cause[] = []
  const handlers = HANDLERS.filter((handler) => probe[handler] !== undefined)
  if (handlers.length === 0) causes.push(requiredValue(field, 'must specify a handler type'))
  for (const extra of handlers.slice(1)) causes.push(forbiddenField(`${field}.${extra}`, 'may not specify more than 1 handler type'))
  if (handlers.length === 1) causes.push(...validateHandlerPort(probe, field))
  for (const name of ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold']) {
    if (Number(probe[name] ?? 0) < 0) causes.push(invalidValue(`${field}.${name}`, probe[name], 'must be greater than or equal to 0'))
  }
  if (kind !== 'readinessProbe' && Number(probe['successThreshold'] ?? 1) !== 1)
    causes.push(invalidValue(`${field}.successThreshold`, probe['successThreshold'], 'must be 1'))
  return causes
}

function validateHandlerPort(probe: JsonObject, field: string): readonly Cause[] {
  return ['httpGet', 'tcpSocket'].flatMap((handler) => {
    const port = valueAt(probe, handler, 'port')
    if (!isObject(probe[handler])) return []
    return typeof port === 'string'
      ? portNameProblems(port).map((p) => invalidValue(`${field}.${handler}.port`, port, p))
      : portNumber(`${field}.${handler}.port`, port)
  })
}
