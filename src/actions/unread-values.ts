import type { Diagnostic } from '../base/diagnostic.ts'
import type { RenderOptions } from '../render/render-chart.ts'
import type { Release } from '../state/state.ts'

type Warn = (diagnostic: Diagnostic) => void

/** How rendering a release deals with values that nothing reads; warnings name the release. */
export function watchUnread(
  release: Pick<Release, 'id'>,
  unreadValues: RenderOptions['unreadValues'],
  warn: Warn | undefined,
): Pick<RenderOptions, 'unreadValues' | 'onWarning'> {
  if (!unreadValues) return {}
  const onWarning: Warn = (diagnostic) => {
    // All others come with what was rendered.
    if (diagnostic.code === 'render/unread-value') warn?.({ ...diagnostic, notes: [{ text: `given to release ${release.id}` }] })
  }
  return { unreadValues, onWarning }
}
