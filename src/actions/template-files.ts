import { join, relative, resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'

/** How a document starts, with the comment that tells its template. */
const START = '\n---\n# Source: '

/** Texts by the template that a rendered stream's comments name; those of one template together. */
function textsByTemplate(output: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  for (const section of `\n${output}`.replace(/\n$/, '').split(START).slice(1)) {
    const name = section.slice(0, section.indexOf('\n'))
    texts.set(name, `${texts.get(name) ?? ''}${START.slice(1)}${section}\n`)
  }
  return texts
}

/**
 * Writes each template of a stream that was rendered `forFiles` to a file of its name below `folder` and gives the absolute paths. Files of an earlier
 * run are replaced.
 *
 * @throws DiagnosticError `actions/outside-folder` for a template whose name leads out of the folder
 */
export function writeTemplates(host: Host, folder: string, output: string): readonly string[] {
  const root = resolve(host.cwd, folder)
  return [...textsByTemplate(output)].map(([name, text]) => {
    const path = join(root, name)
    if (relative(root, path).startsWith('..')) throw failure('actions/outside-folder', `template "${name}" would be written outside ${root}`)
    host.fs.writeFile(path, text)
    return path
  })
}
