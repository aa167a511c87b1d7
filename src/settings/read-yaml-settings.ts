import { failure } from '../base/diagnostic.ts'
import type { Source, Span } from '../base/source.ts'
import type { ReadSettings } from './check-settings.ts'

/** Keys from the top. */
type Path = readonly string[]

/**
 * The content of a YAML or JSON file of settings with its places; `below` leads to the settings in it.
 *
 * @throws DiagnosticError `settings/syntax`
 */
export async function readYamlSettings(source: Source, below: Path = []): Promise<ReadSettings> {
  const { isMap, isNode, isScalar, parseDocument } = await import('yaml')
  const document = parseDocument(source.text)
  const [error] = document.errors
  if (error) {
    const [start, end] = error.pos
    throw failure('settings/syntax', error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? 'cannot be read', {
      at: { source, start, end },
    })
  }
  const spanOf = (node: unknown): Span | undefined => {
    const range = isNode(node) ? node.range : undefined
    return range ? { source, start: range[0], end: range[1] } : undefined
  }
  const placeOf = (path: Path, part: 'key' | 'value'): Span | undefined => {
    const full = [...below, ...path]
    if (part === 'value' || full.length === 0) return spanOf(full.length === 0 ? document.contents : document.getIn(full, true))
    const parent = full.length === 1 ? document.contents : document.getIn(full.slice(0, -1), true)
    const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === full.at(-1)) : undefined
    return spanOf(pair?.key)
  }
  return { content: document.toJS() as unknown, name: source.name, placeOf }
}
