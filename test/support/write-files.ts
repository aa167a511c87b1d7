import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Writes each file below `folder`, with the folders it needs. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

/** As `writeFiles`; scripts (`#!`) can be run. */
export function writeRunnable(folder: string, files: Readonly<Record<string, string>>): void {
  writeFiles(folder, files)
  for (const [name, text] of Object.entries(files)) if (text.startsWith('#!')) chmodSync(join(folder, name), 0o755)
}
