import type { ChartDependency, ChartMetadata } from '../chart/chart.ts'
import { type GoMap, type GoValue, withGoType } from '../go/values.ts'

function textList(list: readonly string[] | undefined): GoValue {
  return [...(list ?? [])]
}

function dependencyMap(dependency: ChartDependency): GoMap {
  return new Map<string, GoValue>([
    ['Name', dependency.name],
    ['Version', dependency.version ?? ''],
    ['Repository', dependency.repository ?? ''],
    ['Condition', dependency.condition ?? ''],
    ['Tags', textList(dependency.tags)],
    ['Enabled', dependency.enabled ?? false],
    ['ImportValues', [...((dependency['import-values'] ?? []) as readonly GoValue[])]],
    ['Alias', dependency.alias ?? ''],
  ])
}

function annotationsOf(metadata: ChartMetadata): GoMap {
  const entries = Object.entries(metadata.annotations ?? {})
  return withGoType(new Map<string, GoValue>(entries), 'map[string]string', metadata.annotations === undefined)
}

/**
 * `.Chart` as templates reach it: a map with Go's field names, all of them present.
 *
 * Source: Helm 4.3.1 pkg/chart/common.go (MetadataAsMap)
 */
export function chartObject(metadata: ChartMetadata, isRoot: boolean): GoMap {
  const maintainers = (metadata.maintainers ?? []).map(
    (m): GoMap =>
      new Map([
        ['Name', m.name ?? ''],
        ['Email', m.email ?? ''],
        ['URL', m.url ?? ''],
      ]),
  )
  return new Map<string, GoValue>([
    ['Name', metadata.name],
    ['Home', metadata.home ?? ''],
    ['Sources', textList(metadata.sources)],
    ['Version', metadata.version],
    ['Description', metadata.description ?? ''],
    ['Keywords', textList(metadata.keywords)],
    ['Maintainers', maintainers],
    ['Icon', metadata.icon ?? ''],
    ['APIVersion', metadata.apiVersion],
    ['Condition', metadata.condition ?? ''],
    ['Tags', metadata.tags ?? ''],
    ['AppVersion', metadata.appVersion ?? ''],
    ['Deprecated', metadata.deprecated ?? false],
    ['Annotations', annotationsOf(metadata)],
    ['KubeVersion', metadata.kubeVersion ?? ''],
    ['Dependencies', (metadata.dependencies ?? []).map(dependencyMap)],
    ['Type', metadata.type ?? ''],
    ['IsRoot', isRoot],
  ])
}
