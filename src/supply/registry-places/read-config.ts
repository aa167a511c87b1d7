import { failure } from '../../base/diagnostic.ts'
import type { Host } from '../../base/host.ts'
import { objectOf } from '../../base/json.ts'
import { type Plain, toPlain } from '../../go/plain.ts'
import { decodeToml } from '../../go/toml-decode.ts'
import { GoError } from '../../go/values.ts'

/** The error `supply/bad-config`: the file at `path` `why`. */
export function badConfig(path: string, why: string, cause?: unknown): Error {
  return failure('supply/bad-config', `${path} ${why}`, {
    hint: "charts.registries in the settings names containerd's folder certs.d, a registries.conf or a daemon.json",
    ...(cause === undefined ? {} : { cause }),
  })
}

/** A map of a configuration file. */
export interface Fields {
  readonly [name: string]: Plain
}

/** `value` where it is a map, else an empty one. */
export function fieldsOf(value: Plain | undefined): Fields {
  return objectOf(value) as Fields
}

/** `value` where it is a text that is not empty. */
export function textOf(value: Plain | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** `value` where it is a list, else an empty one. */
export function listOf(value: Plain | undefined): readonly Plain[] {
  return Array.isArray(value) ? value : []
}

/** The TOML file at `path`. @throws DiagnosticError `supply/bad-config` */
export function readToml(host: Host, path: string): Fields {
  try {
    return fieldsOf(toPlain(decodeToml(host.fs.readText(path))))
  } catch (cause) {
    if (cause instanceof GoError) throw badConfig(path, `cannot be read: ${cause.message}`, cause)
    throw cause
  }
}

/** The JSON file at `path`. @throws DiagnosticError `supply/bad-config` */
export function readJson(host: Host, path: string): Fields {
  try {
    return fieldsOf(JSON.parse(host.fs.readText(path)) as Plain)
  } catch (cause) {
    throw badConfig(path, 'cannot be read', cause)
  }
}

/** A server as people write it: with or without scheme, port and path. @throws DiagnosticError `supply/bad-config` */
export function serverOf(text: string, file: string): URL {
  const address = /^https?:\/\//i.test(text) ? text : `https://${text}`
  if (URL.canParse(address)) return new URL(address)
  throw badConfig(file, `names a server by what is no URL: ${text}`)
}
