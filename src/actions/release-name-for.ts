import { basename } from 'node:path'
import type { Host } from '../base/host.ts'
import { compileTemplate, Engine } from '../template/engine.ts'
import { hostFunctions, pureFunctions } from '../template/functions/table.ts'

/**
 * The name that `template` gives, a Go template over nothing.
 *
 * @throws DiagnosticError `template/…`
 * Source: Helm 4.3.1 pkg/action/install.go (TemplateName)
 */
export function nameFromTemplate(host: Host, template: string): string {
  const name = 'name-template'
  const outside = hostFunctions(host)
  const compiled = compileTemplate({ name, text: template }, new Set([...pureFunctions.keys(), ...outside.keys()]))
  const engine = new Engine({ functions: pureFunctions, missingKey: 'default', rootName: name, now: () => host.now() })
  engine.setFunctions(outside)
  return engine.executeText(compiled, null)
}

/** A name of the chart and the time: `web-1700000000`. Source: Helm 4.3.1 pkg/action/install.go (NameAndChart) */
export function generatedName(host: Host, chart: string): string {
  const base = basename(chart)
  const plain = (base === '.' || base === '' ? 'chart' : base).split('.')[0] ?? ''
  return `${plain}-${Math.floor(host.now() / 1000)}`
}
