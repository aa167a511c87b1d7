import type { ChartDependency, ChartLock, ChartMetadata } from '../chart/chart.ts'
import { fromPlain } from '../go/plain.ts'
import { encodeYaml } from '../yaml/encode.ts'

type Fields = Readonly<Record<string, unknown>>

/** Fields of a struct in Go's order, those left out that say nothing. */
function inOrder(names: readonly string[], fields: Fields, always: readonly string[] = []): Fields {
  const isEmpty = (value: unknown): boolean =>
    value === undefined || value === '' || value === false || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)
  return Object.fromEntries(names.filter((name) => always.includes(name) || !isEmpty(fields[name])).map((name) => [name, fields[name] ?? '']))
}

const METADATA = [
  'name',
  'home',
  'sources',
  'version',
  'description',
  'keywords',
  'maintainers',
  'icon',
  'apiVersion',
  'condition',
  'tags',
  'appVersion',
  'deprecated',
  'annotations',
  'kubeVersion',
  'dependencies',
  'type',
]
const DEPENDENCY = ['name', 'version', 'repository', 'condition', 'tags', 'enabled', 'import-values', 'alias']
const MAINTAINER = ['name', 'email', 'url']

function dependencyFields(dependency: ChartDependency): Fields {
  return inOrder(DEPENDENCY, dependency as unknown as Fields, ['name', 'repository'])
}

/** Chart.yaml as Helm's JSON has it: fields in the order of the struct, empty ones left out. Source: Helm 4.3.1 pkg/chart/v2/metadata.go */
export function metadataFields(metadata: ChartMetadata): Fields {
  const { dependencies = [], maintainers = [] } = metadata
  return inOrder(METADATA, {
    ...metadata,
    dependencies: dependencies.map(dependencyFields),
    maintainers: maintainers.map((maintainer) => inOrder(MAINTAINER, maintainer)),
  })
}

/** Chart.yaml as Helm writes it anew. */
export function metadataYaml(metadata: ChartMetadata): string {
  return encodeYaml(fromPlain(metadataFields(metadata)), 'helm')
}

/** Chart.lock as Helm writes it anew. */
export function lockYaml({ generated, digest, dependencies }: ChartLock): string {
  return encodeYaml(fromPlain({ generated, digest, dependencies: dependencies.map(dependencyFields) }), 'helm')
}
