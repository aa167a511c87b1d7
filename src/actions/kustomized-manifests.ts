import { join, relative } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { stringFromBytes } from '../go/bytes.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import type { Release } from '../state/state.ts'
import { mergeLayers } from '../values/merge-layers.ts'
import { encodeYaml } from '../yaml/encode.ts'

/** What a release's values may say to a kustomization. */
const OPTIONS: readonly string[] = ['images', 'namePrefix', 'nameSuffix', 'namespace']

/**
 * What the `kustomize` program builds of the release's kustomization, in the release's namespace.
 *
 * @throws DiagnosticError `state/no-kustomize` when there is no such program, `state/kustomize-failed`
 * Source: chartify 0.28.2 kustomize.go
 */
export async function kustomizedManifests(host: Host, release: Release): Promise<string> {
  const folder = join(host.tempDir, `flotilla-kustomize-${Buffer.from(host.randomBytes(8)).toString('hex')}`)
  host.fs.makeDir(folder)
  try {
    const real = host.fs.realPath(folder)
    host.fs.writeFile(join(real, 'kustomization.yaml'), await overlay(release, relative(real, host.fs.realPath(release.chartPath as string))))
    return await build(host, release, real)
  } finally {
    host.fs.remove(folder)
  }
}

async function overlay(release: Release, base: string): Promise<string> {
  const values = mergeLayers(await release.layers()).tree
  const spec: GoMap = new Map<string, GoValue>([['resources', [base]]])
  for (const key of OPTIONS) {
    const value = values.get(key)
    if (value !== undefined && value !== null && value !== '') spec.set(key, value)
  }
  if (release.namespace) spec.set('namespace', release.namespace)
  return encodeYaml(spec, 'helm')
}

async function build(host: Host, { alterations, chart, at }: Release, folder: string): Promise<string> {
  const args = ['build', '--enable-alpha-plugins', '--load-restrictor=LoadRestrictionsNone', '--enable-helm', folder]
  const { code, stdout, stderr, missing } = await host.run({ file: alterations.kustomizeBinary, args, cwd: folder })
  const where = at ? { at } : {}
  if (missing) {
    throw failure('state/no-kustomize', `chart "${chart}" is a kustomization, and there is no program "${alterations.kustomizeBinary}" to build it`, {
      ...where,
      hint: 'install kustomize, or say where it is with kustomizeBinary',
    })
  }
  if (code !== 0) {
    const notes = stringFromBytes(stderr)
      .trim()
      .split('\n')
      .map((text) => ({ text }))
    throw failure('state/kustomize-failed', `kustomize cannot build "${chart}"`, { ...where, notes })
  }
  return stringFromBytes(stdout)
}
