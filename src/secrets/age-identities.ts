import type { Host } from '../base/host.ts'
import { splitWords } from './split-words.ts'

/** One secret age key, and where it was found. The secret never goes into a message. */
export interface AgeIdentity {
  readonly secret: string
  readonly from: string
}

/** What a search for keys brought. */
export interface FoundIdentities {
  readonly identities: readonly AgeIdentity[]
  /** Places looked at in vain: names of variables, paths. */
  readonly unused: readonly string[]
  /** Places that could not be read, and why. */
  readonly problems: readonly string[]
}

/** Finds the keys for one recipient; only a command (`SOPS_AGE_KEY_CMD`) gives others for others. */
export type IdentityFinder = (recipient: string) => Promise<FoundIdentities>

const KEY = 'SOPS_AGE_KEY'
const KEY_FILE = 'SOPS_AGE_KEY_FILE'
const KEY_COMMAND = 'SOPS_AGE_KEY_CMD'
const RECIPIENT = 'SOPS_AGE_RECIPIENT'
const DEFAULT_FILE = 'sops/age/keys.txt'

/**
 * Where sops looks for age keys, all of them together: `SOPS_AGE_KEY`, the file `SOPS_AGE_KEY_FILE` names, what the command
 * `SOPS_AGE_KEY_CMD` prints, and `sops/age/keys.txt` in the user's configuration folder. Files are read once.
 *
 * Source: sops 3.13 age/keysource.go
 */
export function ageIdentities(host: Host): IdentityFinder {
  let fixed: FoundIdentities | undefined
  const commands = new Map<string, Promise<FoundIdentities>>()
  return async (recipient) => {
    fixed ??= joined([fromVariable(host), fromNamedFile(host), fromDefaultFile(host)])
    const known = commands.get(recipient) ?? fromCommand(host, recipient)
    commands.set(recipient, known)
    return joined([fixed, await known])
  }
}

function joined(parts: readonly FoundIdentities[]): FoundIdentities {
  return {
    identities: parts.flatMap((part) => part.identities),
    unused: parts.flatMap((part) => part.unused),
    problems: parts.flatMap((part) => part.problems),
  }
}

function unused(place: string): FoundIdentities {
  return { identities: [], unused: [place], problems: [] }
}

function problem(text: string): FoundIdentities {
  return { identities: [], unused: [], problems: [text] }
}

function fromVariable(host: Host): FoundIdentities {
  const text = host.env[KEY]
  return text === undefined ? unused(KEY) : parseKeys(text, KEY, /\s+/)
}

function fromNamedFile(host: Host): FoundIdentities {
  const path = host.env[KEY_FILE]
  if (path === undefined) return unused(KEY_FILE)
  return fromFile(host, path, `${path} (${KEY_FILE})`) ?? problem(`${KEY_FILE} names ${path}, which does not exist`)
}

/** The user's configuration folder differs by system; where none of them has the file, the first is named. */
function fromDefaultFile(host: Host): FoundIdentities {
  const paths = configFolders(host).map((folder) => `${folder}/${DEFAULT_FILE}`)
  const found = paths.flatMap((path) => fromFile(host, path, path) ?? [])
  return found.length > 0 ? joined(found) : unused(paths[0] as string)
}

function configFolders(host: Host): string[] {
  const configured = host.env['XDG_CONFIG_HOME']
  if (configured !== undefined && configured !== '') return [configured]
  const windows = host.env['APPDATA']
  return [`${host.homeDir}/.config`, `${host.homeDir}/Library/Application Support`, ...(windows === undefined ? [] : [windows])]
}

function fromFile(host: Host, path: string, place: string): FoundIdentities | undefined {
  if (!host.fs.stat(path)) return undefined
  let text: string
  try {
    text = host.fs.readText(path)
  } catch (error) {
    return problem(`cannot read ${place}: ${error instanceof Error ? error.message : String(error)}`)
  }
  return parseKeys(text, place, undefined)
}

async function fromCommand(host: Host, recipient: string): Promise<FoundIdentities> {
  const command = host.env[KEY_COMMAND]
  if (command === undefined) return unused(KEY_COMMAND)
  const [file, ...args] = splitWords(command) ?? []
  if (file === undefined) return problem(`${KEY_COMMAND} is no command`)
  const result = await host.run({ file, args, env: { [RECIPIENT]: recipient } })
  if (result.missing) return problem(`${KEY_COMMAND} names ${file}, which does not exist`)
  if (result.code !== 0) return problem(`the command of ${KEY_COMMAND} failed with exit code ${result.code ?? 'none (a signal)'}`)
  return parseKeys(Buffer.from(result.stdout).toString('utf8'), KEY_COMMAND, undefined)
}

const AGE_FILE = /^(?:age-encryption\.org\/|-----BEGIN AGE ENCRYPTED FILE-----)/

/** One key on a line, or several parted by `separator`. As in sops, one bad line spoils its whole place. */
function parseKeys(text: string, place: string, separator: RegExp | undefined): FoundIdentities {
  if (AGE_FILE.test(text)) return problem(`${place} is itself encrypted with a passphrase, which is not supported`)
  const identities: AgeIdentity[] = []
  for (const line of text.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue
    for (const secret of separator ? line.split(separator).filter((word) => word !== '') : [line]) {
      if (!secret.startsWith('AGE-SECRET-KEY-1')) return problem(`${place} holds a line that is no age key of a supported type (AGE-SECRET-KEY-1…)`)
      identities.push({ secret, from: place })
    }
  }
  return identities.length === 0 ? unused(place) : { identities, unused: [], problems: [] }
}
