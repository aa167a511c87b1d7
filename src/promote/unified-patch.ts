import { createRequire } from 'node:module'
import type { ChangedFile } from './file-edits.ts'

/** The changes as `git apply` and `patch -p1` take them; `nameOf` gives the names of files in it. */
export function unifiedPatch(files: readonly ChangedFile[], nameOf: (path: string) => string): string {
  const { createTwoFilesPatch } = createRequire(import.meta.url)('diff') as typeof import('diff')
  return files
    .map(({ path, before, after }) =>
      createTwoFilesPatch(`a/${nameOf(path)}`, `b/${nameOf(path)}`, before, after, undefined, undefined, { context: 3 }).replace(/^=+\n/, ''),
    )
    .join('')
}
