import type { Host } from '../../base/host.ts'
import { GoError, type GoFunction, type GoValue } from '../../go/values.ts'
import { ANY, fixed } from '../../template/functions/signature.ts'

/** Environment variables, and `required`. Source: Helmfile 1.8 pkg/tmpl/context_funcs.go; sprig 3.3.0 `env`, `expandenv` */
export function environmentFunctions({ env }: Host): readonly (readonly [string, GoFunction])[] {
  return [
    ['env', fixed(['string'], (name: string) => env[name] ?? '')],
    ['expandenv', fixed(['string'], (text: string) => expandVariables(text, (name) => env[name] ?? ''))],
    ['requiredEnv', fixed(['string'], (name: string) => requiredEnv(env[name], name))],
    ['required', fixed(['string', ANY], required)],
  ]
}

function requiredEnv(value: string | undefined, name: string): GoValue {
  if (!value) throw new GoError(`required env var \`${name}\` is not set`)
  return value
}

function required(warning: string, value: GoValue): GoValue {
  if (value === null || value === '') throw new GoError(warning)
  return value
}

const SPECIAL = /[*#$@!?\-0-9]/

/** `$name` and `${name}` replaced, as Go's `os.Expand` does: a broken `${` and its brace vanish. */
function expandVariables(text: string, lookUp: (name: string) => string): string {
  let result = ''
  let from = 0
  for (let at = text.indexOf('$'); at >= 0 && at + 1 < text.length; at = text.indexOf('$', from)) {
    const { name, length } = variableAt(text, at + 1)
    result += text.slice(from, at)
    if (name !== '') result += lookUp(name)
    else if (length === 0) result += '$'
    from = at + 1 + length
  }
  return result + text.slice(from)
}

function variableAt(text: string, start: number): { readonly name: string; readonly length: number } {
  if (text[start] === '{') {
    const end = text.indexOf('}', start)
    if (end < 0) return { name: '', length: 1 }
    return { name: text.slice(start + 1, end), length: end - start + 1 }
  }
  if (SPECIAL.test(text[start] as string)) return { name: text[start] as string, length: 1 }
  let end = start
  while (end < text.length && /\w/.test(text[end] as string)) end++
  return { name: text.slice(start, end), length: end - start }
}
