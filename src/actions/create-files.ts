import { basename, join, resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { starterChart } from './starter-chart.ts'

const STATE = `# Which releases run where. All keys: schemas/state.schema.json.

# What holds for every release that does not say otherwise.
helmDefaults:
  createNamespace: true
  wait: true
  timeout: 300

# Values for templates in this file, by environment: flotilla -e NAME apply
environments:
  default:
    values: [environments/default.yaml]
---
# Where charts come from that do not lie in this folder.
# repositories:
#   - name: charts
#     url: https://charts.shop.example

releases: []
#  - name: web
#    namespace: shop
#    chart: charts/web
#    version: 1.x
#    values: [values/web.yaml]
#    needs: [shop/database]
`

const ENVIRONMENT = `# Values of the default environment: {{ .Values.KEY }} in helmfile.yaml.gotmpl and in values files that end in .gotmpl.
`

const PROJECT: Readonly<Record<string, string>> = {
  'helmfile.yaml': STATE,
  'environments/default.yaml': ENVIRONMENT,
  'values/.gitkeep': '',
}

/** Writes files below `folder` and gives their absolute paths. @throws DiagnosticError `actions/occupied` where one is there and may not be replaced */
function writeAll(host: Host, folder: string, files: Readonly<Record<string, string>>, force: boolean): readonly string[] {
  const entries = Object.entries(files).map(([name, text]) => [join(folder, name), text] as const)
  const taken = force ? [] : entries.filter(([path]) => host.fs.stat(path) || host.fs.isLink(path)).map(([path]) => path)
  if (taken.length > 0) {
    throw failure('actions/occupied', `there are such files already: ${taken.join(', ')}`, {
      hint: 'name another folder, or replace them with --force',
    })
  }
  for (const [path, text] of entries) host.fs.writeFile(path, text)
  return entries.map(([path]) => path)
}

/** Where a project goes. */
export interface ProjectOptions {
  readonly outputDir?: string
  /** Replace files that are there. */
  readonly force?: boolean
}

/**
 * Writes a state file, a file of environment values and a folder for values of releases: into `outputDir`, a folder called `name`, or
 * the current one. Gives the absolute paths.
 *
 * @throws DiagnosticError `actions/occupied`; then nothing was written
 * Source: Helmfile 1.8 pkg/app/create.go
 */
export function createProject(host: Host, name: string | undefined, { outputDir, force = false }: ProjectOptions): readonly string[] {
  return writeAll(host, resolve(host.cwd, outputDir ?? name ?? '.'), PROJECT, force)
}

const MAX_NAME = 250

/**
 * Writes a new chart into folder `path`, called as its last part, and gives the absolute paths of its files.
 *
 * @throws DiagnosticError `actions/bad-name`, `actions/occupied`
 * Source: Helm 4.3.1 pkg/chart/v2/util/create.go (names)
 */
export function createChart(host: Host, path: string, force: boolean): readonly string[] {
  const folder = resolve(host.cwd, path)
  const name = basename(folder)
  if (!/^[a-zA-Z0-9._-]+$/.test(name) || name.length > MAX_NAME) {
    throw failure('actions/bad-name', `"${name}" is no name for a chart`, { hint: 'use letters, digits, dots, dashes and underscores' })
  }
  return writeAll(host, folder, starterChart(name), force)
}
