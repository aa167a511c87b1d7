import type { Host } from '../../base/host.ts'
import { stringFromBytes } from '../../go/bytes.ts'
import { typeOf } from '../../go/kind.ts'
import { GoError, type GoFunction, type GoList, type GoMap, type GoValue } from '../../go/values.ts'
import { DICT, variadic } from '../../template/functions/signature.ts'
import { DISABLED, isInsecureDisabled } from './insecure.ts'

const LIST = '[]interface {}'

/** Commands run without a shell in the folder of the text. Source: Helmfile 1.8 pkg/tmpl/context_funcs.go */
export function commandFunctions(host: Host, basePath: string): readonly (readonly [string, GoFunction])[] {
  const run = (env: GoMap | null, file: string, args: GoList, inputs: readonly string[]): GoValue => {
    if (isInsecureDisabled(host)) throw new GoError(DISABLED)
    return execute(host, basePath, { env: textMap(env), file, args: textList(args), input: inputs[0] })
  }
  return [
    ['exec', variadic(['string', LIST], 'string', (file: string, args: GoList, ...inputs: string[]) => run(null, file, args, inputs))],
    [
      'envExec',
      variadic([DICT, 'string', LIST], 'string', (env: GoMap, file: string, args: GoList, ...inputs: string[]) => run(env, file, args, inputs)),
    ],
  ]
}

function textList(args: GoList): readonly string[] {
  return args.map((arg, i) => {
    if (typeof arg !== 'string') throw new GoError(`unexpected type of arg "${typeOf(arg)}" in args [${args.map(String).join(' ')}] at index ${i}`)
    return arg
  })
}

function textMap(env: GoMap | null): Readonly<Record<string, string>> | undefined {
  if (env === null) return undefined
  const entries = [...env].map(([key, value]) => {
    if (typeof value !== 'string') throw new GoError(`unexpected type of env "${typeOf(value)}" in envs at index ${key}`)
    return [key, value] as const
  })
  return Object.fromEntries(entries)
}

interface Execution {
  readonly env: Readonly<Record<string, string>> | undefined
  readonly file: string
  readonly args: readonly string[]
  readonly input: string | undefined
}

function execute(host: Host, basePath: string, { env, file, args, input }: Execution): string {
  const result = host.runSync({ file, args, cwd: basePath, ...(env ? { env } : {}), ...(input ? { input } : {}) })
  if (result.missing)
    throw new GoError(file.includes('/') ? `fork/exec ${file}: no such file or directory` : `exec: "${file}": executable file not found in $PATH`)
  if (result.code === 0) return stringFromBytes(result.stdout)
  const output = `${stringFromBytes(result.stderr)}${stringFromBytes(result.stdout)}`
  throw new GoError(`command "${file}" exited with non-zero status:\n\nEXIT STATUS\n  ${result.code ?? 'a signal'}\n\nOUTPUT\n${output}`)
}
