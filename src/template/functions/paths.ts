import { baseName, cleanPath, dirName, extension, isAbsolute } from '../../go/slash-path.ts'
import type { GoFunction } from '../../go/values.ts'
import { fixed } from './signature.ts'

const base = fixed(['string'], baseName)
const dir = fixed(['string'], dirName)
const clean = fixed(['string'], cleanPath)
const ext = fixed(['string'], extension)
const isAbs = fixed(['string'], isAbsolute)

/**
 * Paths as text. The `os` forms follow the system Helm ran on; here always Unix, so that charts render alike everywhere.
 *
 * Source: sprig 3.3.0 functions.go
 */
export const pathFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ['base', base],
  ['dir', dir],
  ['clean', clean],
  ['ext', ext],
  ['isAbs', isAbs],
  ['osBase', base],
  ['osDir', dir],
  ['osClean', clean],
  ['osExt', ext],
  ['osIsAbs', isAbs],
])
