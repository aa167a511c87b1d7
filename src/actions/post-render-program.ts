import { DiagnosticError, failure, withNote } from '../base/diagnostic.ts'
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

/** What cannot be started is told of at the place that names it. */
async function running<T>(where: { readonly at?: Span }, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    throw error.withDiagnostics(error.diagnostics.map((diagnostic) => ({ ...where, ...diagnostic })))
  }
}

/** @throws (later) DiagnosticError `render/post-render`, `base/cannot-run` */
export function programRenderer(host: Host, { file, args, folder, at }: PostRenderCommand): PostRenderer {
  return async (stream) => {
    const where = at ? { at } : {}
    const { code, stdout, stderr, missing } = await running(where, () => host.run({ file, args, cwd: folder, input: stream }))
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
