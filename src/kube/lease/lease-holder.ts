import type { Host } from '../../base/host.ts'
import { objectOf, textOf } from '../../base/json.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'

/** Where a holder's process can be seen, and the run it belongs to. */
const PID_SPACE = 'flotilla.dev/pid-space'
const RUN = 'flotilla.dev/run'

/** Who holds a Lease, as the Lease itself says. */
export interface LeaseHolder {
  /** Unique to one holding: `user@machine/process number/random`. */
  readonly identity: string
  /** When it was taken, by the holder's own clock (RFC 3339); empty where that is not said. */
  readonly since: string
  /** The pipeline's page, where the holder runs in one. */
  readonly run: string | undefined
}

/** The holdings of this process that have not ended. */
const living = new Set<string>()

/** Tells this process's own holdings from those of another copy of this module in the same process. */
let session: string | undefined

/** A new holding's identity, and the annotations that go with it. */
export function newHolder(host: Host): { readonly identity: string; readonly annotations: Readonly<Record<string, string>> } {
  session ??= randomHex(host, 6)
  const { hostname, pid, pidSpace } = host.process
  const user = host.env['USER'] ?? host.env['USERNAME']
  const identity = `${user ? `${user}@` : ''}${hostname}/${pid}/${session}.${randomHex(host, 4)}`
  living.add(identity)
  const run = runAddress(host.env)
  return { identity, annotations: { ...(pidSpace ? { [PID_SPACE]: pidSpace } : {}), ...(run ? { [RUN]: run } : {}) } }
}

/** Notes that a holding of this process has ended. */
export function endHolder(identity: string): void {
  living.delete(identity)
}

function randomHex(host: Host, length: number): string {
  return Buffer.from(host.randomBytes(length)).toString('hex')
}

/** The page of the pipeline that runs this, as the common build servers tell it. */
function runAddress(env: Host['env']): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env
  if (server && repository && id) return `${server}/${repository}/actions/runs/${id}`
  return env['CI_JOB_URL'] || env['BUILDKITE_BUILD_URL'] || env['CIRCLE_BUILD_URL'] || env['BUILD_URL'] || undefined
}

/** The holder that `lease` names; undefined when it names none. */
export function holderOf(lease: KubeObject): LeaseHolder | undefined {
  const spec = objectOf(lease['spec'])
  const identity = textOf(spec['holderIdentity'])
  if (identity === '') return undefined
  return { identity, since: textOf(spec['acquireTime']), run: lease.metadata.annotations?.[RUN] }
}

/**
 * True when the holder is certainly gone: it was a holding of this process that has ended, or of a process that ran where this one
 * can see all of them, and is not there. False says nothing: a number may have been given to another process, and other machines
 * cannot be seen at all.
 */
export function isHolderGone(host: Host, lease: KubeObject): boolean {
  const identity = holderOf(lease)?.identity ?? ''
  const [, process, holding = ''] = /\/(\d{1,10})\/([^/]+)$/.exec(identity) ?? []
  if (session !== undefined && holding.startsWith(`${session}.`)) return !living.has(identity)
  const { pidSpace, pid: own, isRunning } = host.process
  if (!process || !pidSpace || lease.metadata.annotations?.[PID_SPACE] !== pidSpace) return false
  const pid = Number(process)
  return pid > 0 && pid !== own && !isRunning(pid)
}

/** `root@runner-7, process 4321, since 2026-01-02T03:04:05Z (2m ago)`. */
export function describeHolder(holder: LeaseHolder, now: number): string {
  const [, who, pid] = /^(.*)\/(\d{1,10})\/[^/]+$/.exec(holder.identity) ?? [undefined, holder.identity, undefined]
  const since = Date.parse(holder.since)
  const age = Number.isNaN(since) ? '' : `, since ${new Date(since).toISOString().replace(/\.\d+/, '')} (${ageText(now - since)} ago)`
  return `${who}${pid ? `, process ${pid}` : ''}${age}`
}

function ageText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 120) return `${seconds}s`
  return seconds < 7200 ? `${Math.round(seconds / 60)}m` : `${Math.round(seconds / 3600)}h`
}
