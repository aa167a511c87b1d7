import { failure, withNote } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Span } from '../base/source.ts'
import { stringFromBytes } from '../go/bytes.ts'
import type { PostRenderer } from '../render/post-render.ts'

/** A program that changes rendered manifests: from standard input to standard output. */
export interface PostRenderCommand {
  /** A path, or a name in PATH. */
  readonly file: string
  readonly args: readonly string[]
  /** Where it runs. */
  readonly folder: string
  /** Where it is named. */
  readonly at?: Span | undefined
}

/** @throws (later) DiagnosticError `render/post-render` */
export function programRenderer(host: Host, { file, args, folder, at }: PostRenderCommand): PostRenderer {
  return async (stream) => {
    const { code, stdout, stderr, missing } = await host.run({ file, args, cwd: folder, input: stream })
    const where = at ? { at } : {}
    if (missing)
      throw failure('render/post-render', `there is no post-renderer "${file}"`, {
        ...where,
        hint: at ? 'name a program in PATH, or write its path from the folder of the state file' : 'name a program in PATH, or write its path',
      })
    if (code === 0) return stringFromBytes(stdout)
    const text = stringFromBytes(stderr).trim()
    throw withNote(failure('render/post-render', `post-renderer "${file}" failed with exit code ${code ?? 'none'}`, where), {
      text: text || 'it printed no error',
    })
  }
}
