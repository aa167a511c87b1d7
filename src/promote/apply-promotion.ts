import { positionAt } from '../base/source.ts'
import type { GoValue } from '../go/values.ts'
import type { ByHand, Destination } from './destination.ts'
import type { FileEdits } from './file-edits.ts'
import { pathText, type ValuePath } from './path-pattern.ts'
import { nodePathAt, setYamlValue, type YamlEdit } from './set-yaml-value.ts'

/** Puts `value` where `destination` says, into the texts of `edits`; what could not be put there is for a person. */
export function writeValue(edits: FileEdits, destination: Destination, path: ValuePath, value: GoValue): ByHand | undefined {
  const { file, layer } = destination
  const text = edits.textOf(file)
  const edit: YamlEdit = text === undefined ? { refused: 'it is not UTF-8' } : edited({ name: layer, text }, destination, path, value)
  if (edit.refused !== undefined)
    return { reason: `${pathText(path)} cannot be set in ${layer}: ${edit.refused}`, todo: 'change it there', ...placeIn(destination) }
  edits.set(file, edit.text)
  return undefined
}

function edited(source: { readonly name: string; readonly text: string }, destination: Destination, path: ValuePath, value: GoValue): YamlEdit {
  if (destination.kind === 'path') return setYamlValue(source, path, value)
  const { at } = destination
  const { line, column } = positionAt(at.source, at.start)
  const offset = offsetOf(source.text, line) + column - 1
  const node = nodePathAt(source, offset)
  return node ? setYamlValue(source, node.path, value, node.document) : { refused: 'its place is not found' }
}

/** Where line `line` (from 1) starts. */
function offsetOf(text: string, line: number): number {
  let at = 0
  for (let i = 1; i < line; i++) at = text.indexOf('\n', at) + 1
  return at
}

function placeIn(destination: Destination): Pick<ByHand, 'at'> {
  return destination.kind === 'place' ? { at: destination.at } : {}
}
