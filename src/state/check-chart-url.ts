import { failure } from '../base/diagnostic.ts'
import { parseRemoteAddress } from '../supply/remote-address.ts'
import { type ReleaseSpec, whereOf } from './spec.ts'

/**
 * Makes sure that a release with `forceGoGetter` has a chart that is a URL to fetch from. URLs are fetched with and without that key.
 * @throws DiagnosticError `state/no-chart-url`
 * Source: Helmfile 1.8 pkg/state/helmx.go (goGetterChart)
 */
export function checkChartUrl(release: ReleaseSpec): void {
  const { forceGoGetter, installed, chart = '' } = release
  if (!forceGoGetter || installed === false || parseRemoteAddress(chart)) return
  throw failure('state/no-chart-url', `release "${release.name}" has forceGoGetter, but its chart "${chart}" is no URL to fetch from`, {
    ...whereOf(release),
    hint: 'write the chart as git::https://HOST/REPOSITORY.git@PATH?ref=VERSION or https://HOST/FILE.tgz, or remove forceGoGetter',
  })
}
