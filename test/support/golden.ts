import { join } from 'node:path'
import { repositoryRoot } from './paths.ts'

/** The folder `test/golden/<area>` of the sources, wherever the compiled tests lie. */
export function goldenFolder(area: string): string {
  return join(repositoryRoot, 'test/golden', area)
}
