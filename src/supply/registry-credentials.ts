import { join } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'

/** As whom a registry is asked. An identity token takes the place of a password. */
export interface RegistryCredential {
  readonly username: string
  readonly password: string
  readonly identityToken?: string
}

interface AuthEntry {
  readonly auth?: unknown
  readonly username?: unknown
  readonly password?: unknown
  readonly identitytoken?: unknown
}

/** As `docker login` and `helm registry login` keep it. */
export interface DockerConfig {
  readonly auths?: Readonly<Record<string, AuthEntry>>
  readonly credHelpers?: Readonly<Record<string, unknown>>
  readonly credsStore?: unknown
}

const HELPER_NAME = /^[A-Za-z0-9._-]+$/
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/'

/**
 * What this machine has been told about `registry`: by `helm registry login`, then by `docker login`; credential helpers are
 * asked. Undefined for a registry nobody logged in to.
 *
 * @throws DiagnosticError `supply/credential-helper`, `supply/bad-config`
 * Source: Helm 4.3.1 pkg/registry/client.go; docker/cli cli/config/configfile
 */
export async function registryCredential(host: Host, registry: string): Promise<RegistryCredential | undefined> {
  for (const path of configPaths(host)) {
    const config = readConfig(host, path)
    const found = config && (await credentialIn(host, config, registry))
    if (found) return found
  }
  return undefined
}

/** Where `helm registry login` keeps what it is told. */
export function registryConfigPath({ env, homeDir }: Host): string {
  const helmHome = env['HELM_CONFIG_HOME'] || join(env['XDG_CONFIG_HOME'] || join(homeDir, '.config'), 'helm')
  return env['HELM_REGISTRY_CONFIG'] || join(helmHome, 'registry', 'config.json')
}

function configPaths(host: Host): readonly string[] {
  const { env, homeDir } = host
  return [registryConfigPath(host), join(env['DOCKER_CONFIG'] || join(homeDir, '.docker'), 'config.json')]
}

/** Undefined where there is none. @throws DiagnosticError `supply/bad-config` */
export function readConfig(host: Host, path: string): DockerConfig | undefined {
  if (host.fs.stat(path)?.kind !== 'file') return undefined
  try {
    return JSON.parse(host.fs.readText(path)) as DockerConfig
  } catch (cause) {
    throw failure('supply/bad-config', `${path} cannot be read`, { cause, hint: 'log in to the registry again, or remove the file' })
  }
}

/** The helper that keeps what is told of `registry`; undefined where the file does. @throws DiagnosticError `supply/credential-helper` */
export function helperFor(config: DockerConfig, registry: string): string | undefined {
  const named = keysOf(registry).map((key) => ownField(config.credHelpers, key))
  const helper = named.find((name) => typeof name === 'string') ?? config.credsStore
  if (typeof helper !== 'string' || helper === '') return undefined
  if (!HELPER_NAME.test(helper)) throw failure('supply/credential-helper', `"${helper}" is no name of a credential helper`)
  return helper
}

/** What `registry` is kept under. */
export function registryKey(registry: string): string {
  return keysOf(registry)[0] as string
}

async function credentialIn(host: Host, config: DockerConfig, registry: string): Promise<RegistryCredential | undefined> {
  const keys = keysOf(registry)
  const helper = helperFor(config, registry)
  const fromHelper = helper === undefined ? undefined : await askHelper(host, helper, registryKey(registry))
  return fromHelper ?? keys.map((key) => credentialOf(ownField(config.auths, key))).find((credential) => credential !== undefined)
}

function ownField<T>(fields: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return fields && Object.hasOwn(fields, name) ? fields[name] : undefined
}

/** How configurations name a registry, the usual way first. */
function keysOf(registry: string): readonly string[] {
  const hub = registry === 'docker.io' || registry.endsWith('.docker.io') ? [DOCKER_HUB_KEY] : []
  return [...hub, registry, `https://${registry}`, `https://${registry}/`, `https://${registry}/v1/`, `https://${registry}/v2/`, `http://${registry}`]
}

function credentialOf(entry: AuthEntry | undefined): RegistryCredential | undefined {
  if (!entry) return undefined
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  const packed = Buffer.from(text(entry.auth), 'base64').toString('utf8').replace(/\0+$/, '')
  const colon = packed.indexOf(':')
  const username = colon > 0 ? packed.slice(0, colon) : text(entry.username)
  const password = colon > 0 ? packed.slice(colon + 1) : text(entry.password)
  const identityToken = text(entry.identitytoken)
  if (username === '' && identityToken === '') return undefined
  return { username, password, ...(identityToken ? { identityToken } : {}) }
}

/**
 * What the credential helper `docker-credential-<name>` knows of `key`, a registry or a URL; undefined when that is nothing.
 * @throws DiagnosticError `supply/credential-helper`
 * Source: docker/docker-credential-helpers
 */
export async function askHelper(host: Host, name: string, key: string): Promise<RegistryCredential | undefined> {
  if (!HELPER_NAME.test(name)) throw failure('supply/credential-helper', `"${name}" is no name of a credential helper`)
  const file = `docker-credential-${name}`
  const result = await host.run({ file, args: ['get'], input: key })
  if (result.missing) {
    throw failure('supply/credential-helper', `the credential helper ${file} is not installed`, {
      hint: `install it, or log in to ${key} without it`,
    })
  }
  const output = Buffer.from(result.stdout).toString('utf8')
  // Helpers say in these words that they know nothing of a registry.
  if (result.code !== 0 && /credentials not found|no credentials server URL/i.test(output + Buffer.from(result.stderr).toString('utf8')))
    return undefined
  if (result.code !== 0)
    throw failure('supply/credential-helper', `the credential helper ${file} ended with code ${result.code}`, {
      hint: `run "echo ${key} | ${file} get" to see why`,
    })
  return credentialFromHelper(output, file)
}

function credentialFromHelper(output: string, file: string): RegistryCredential {
  let answer: { readonly Username?: unknown; readonly Secret?: unknown }
  try {
    answer = JSON.parse(output) as typeof answer
  } catch {
    // What it printed may be secret: the parser's message, which quotes it, is not kept.
    throw failure('supply/credential-helper', `the credential helper ${file} printed something that is no JSON`)
  }
  const { Username: username, Secret: secret } = answer
  if (typeof username !== 'string' || typeof secret !== 'string')
    throw failure('supply/credential-helper', `the credential helper ${file} gave no user and secret`)
  return username === '<token>' ? { username: '', password: '', identityToken: secret } : { username, password: secret }
}
