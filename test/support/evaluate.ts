import type { GoFunction, GoValue } from '../../src/go/values.ts'
import { compileTemplate, Engine, TemplateError } from '../../src/template/engine.ts'
import { helmFunctions } from '../../src/template/functions/table.ts'

/** A clock that stands still and randomness that counts up. */
export const fixedHost: { now(): number; randomBytes(length: number): Uint8Array } = {
  now: () => Date.UTC(2024, 1, 29, 12, 0, 0),
  randomBytes: (length) => Uint8Array.from({ length }, (_, i) => (i * 37) & 0xff),
}

const functions = helmFunctions(fixedHost)

/** The output of a template called `x` with Helm's functions, or `error: ` and Go's message. */
export function evaluate(text: string, data: GoValue = new Map(), extra: ReadonlyMap<string, GoFunction> = new Map()): string {
  const all = new Map([...functions, ...extra])
  const engine = new Engine({ functions: all, missingKey: 'zero' })
  try {
    return engine.executeText(compileTemplate({ name: 'x', text }, all), data)
  } catch (error) {
    if (error instanceof TemplateError) return `error: ${error.goMessage}`
    throw error
  }
}
