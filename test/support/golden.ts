import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder `test/golden/<area>` of the sources, wherever the compiled tests lie. */
export function goldenFolder(area: string): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'tsconfig.json'))) folder = dirname(folder)
  return join(folder, 'test/golden', area)
}
