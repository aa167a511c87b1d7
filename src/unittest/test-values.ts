import { dirname, relative, resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { copyMap, mergeKeepingNulls } from '../chart/coalesce-values.ts'
import { loadValues } from '../chart/load-values.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import { decodeYaml } from '../yaml/decode.ts'
import { encodeYaml } from '../yaml/encode.ts'
import { valuesAtPath } from './set-path.ts'
import type { Suite, Test } from './suite.ts'

/** Values of a subchart as its parents get them: under its name, globals beside it. */
function scoped(route: string, values: GoMap): GoMap {
  const names = route.split('/').filter((_, i) => i % 2 === 0)
  return names.slice(1).reduceRight<GoMap>((inner, name) => {
    const global = inner.get('global')
    return new Map<string, GoValue>([...(global === undefined ? [] : ([['global', global]] as const)), [name, inner]])
  }, values)
}

function readValues(host: Host, path: string, suite: Suite): GoMap {
  const full = resolve(dirname(suite.file), path)
  if (host.fs.stat(full)?.kind !== 'file') throw failure('unittest/no-such-file', `open ${relative(host.cwd, full)}: no such file or directory`)
  const values = decodeYaml({ name: full, text: host.fs.readText(full) }, 'helmfile')
  if (values === null) return new Map()
  if (values instanceof Map) return values
  throw failure('unittest/bad-values', `failed to parse ${path}: it holds no map`)
}

/**
 * The values a test gives its chart: files of the suite, those given from outside, files of the test, then what suite and test set.
 *
 * @throws DiagnosticError `unittest/no-such-file`, `unittest/bad-values`; GoError, YamlError
 * Source: helm-unittest 1.1.2 pkg/unittest/test_job.go (getUserValues)
 */
export function testValues(host: Host, suite: Suite, test: Test, given: readonly GoMap[]): GoMap {
  const files = (paths: readonly string[]): readonly GoMap[] => paths.map((path) => readValues(host, path, suite))
  const sets = [...suite.set, ...test.set].map(([path, value]) => valuesAtPath(path, value))
  const layers = [...files(suite.values), ...given, ...files(test.values), ...sets]
  const merged = layers.reduce<GoMap>((base, layer) => mergeKeepingNulls(copyMap(scoped(suite.route, layer)), base, () => {}), new Map())
  // What Helm reads has been written as YAML before: numbers come out as the chart's own do.
  return loadValues({ name: suite.file, text: encodeYaml(merged, 'helm') })
}
