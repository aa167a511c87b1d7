import type { Release, State, StateFile } from '../state/state.ts'
import type { NameFolder } from './fold-names.ts'

/** A release in two environments, or in one of them. */
export interface ReleasePair {
  readonly source?: Release
  readonly target?: Release
}

/** State files of two environments that belong together: the same file, or one whose name only names the environment. */
export function pairFiles(source: State, target: State, { isSame }: NameFolder): readonly (readonly [StateFile, StateFile])[] {
  const left = [...target.files]
  return source.files.flatMap((file): (readonly [StateFile, StateFile])[] => {
    const index = left.findIndex(({ name }) => name === file.name || isSame(file.name, name))
    const [found] = index < 0 ? [] : left.splice(index, 1)
    return found ? [[file, found]] : []
  })
}

/** The selected releases of two environments by name and namespace, which may name the environment; the source's order first. */
export function pairReleases(source: State, target: State, folder: NameFolder): readonly ReleasePair[] {
  const left = selectedOf(target)
  const pairs = selectedOf(source).map((release): ReleasePair => {
    const index = left.findIndex((other) => isSameRelease(release, other, folder))
    const [found] = index < 0 ? [] : left.splice(index, 1)
    return { source: release, ...(found && { target: found }) }
  })
  return [...pairs, ...left.map((release): ReleasePair => ({ target: release }))]
}

function selectedOf({ files }: State): Release[] {
  return files.flatMap(({ selected }) => selected).filter(({ enabled, installed }) => enabled && installed)
}

function isSameRelease(a: Release, b: Release, { isSame }: NameFolder): boolean {
  return isSame(a.name, b.name) && isSame(a.namespace, b.namespace)
}
