import { resolve } from 'node:path'
import { compileTemplate, Engine } from '../template/engine.ts'
import { environmentObject, structObject } from './environment.ts'
import { releaseSpecObject } from './release-spec-object.ts'
import type { Release, StateFile } from './state.ts'

const DEFAULT_TEMPLATE =
  '{{ .OutputDir }}{{ if .Release.Namespace }}/{{ .Release.Namespace }}{{ end }}{{ if .Release.KubeContext }}/{{ .Release.KubeContext }}{{ end }}/{{ .Release.Name }}/{{ .ChartName }}/{{ or .Release.Version "latest" }}'

/** Where `fetch` puts a chart. */
export interface FetchPlace {
  readonly outputDir: string
  readonly chartName: string
  /** Go template over `.OutputDir`, `.ChartName`, `.Release`, `.Environment`. */
  readonly template?: string
}

/**
 * The absolute folder that `fetch` puts the chart of `release` into.
 * Source: Helmfile 1.8 pkg/state/state.go (generateChartPath, DefaultFetchOutputDirTemplate)
 */
export function fetchPath(file: StateFile, release: Release, { outputDir, chartName, template }: FetchPlace): string {
  const data = structObject('struct', {
    ChartName: chartName,
    OutputDir: outputDir,
    Release: releaseSpecObject(release.spec),
    Environment: environmentObject(file.environmentLayers),
  })
  const engine = new Engine({ functions: new Map(), missingKey: 'default', rootName: 'output-dir-template' })
  const compiled = compileTemplate({ name: 'output-dir-template', text: template || DEFAULT_TEMPLATE }, new Set())
  return resolve(file.workingDir, engine.executeText(compiled, data))
}
