import { join } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { isObject } from '../base/json.ts'
import type { Cluster } from './cluster.ts'
import { CRD_RESOURCE, type Registry } from './registry.ts'
import type { Snapshot, Storage } from './storage.ts'

interface StateFile extends Snapshot {
  readonly format: 1
  readonly token: string
}

const FILE = 'sandbox.json'
/** Changes within this time go into one write. */
const WRITE_DELAY_MS = 200

/** Takes over what `dir` remembers; undefined when there is nothing. @throws DiagnosticError `sandbox/state-unreadable` */
export function loadState(host: Host, dir: string, storage: Storage, registry: Registry): { readonly token: string } | undefined {
  const path = join(dir, FILE)
  if (!host.fs.stat(path)) return undefined
  const state = parseState(host.fs.readText(path), path)
  storage.restore(state)
  for (const { resource, object } of state.objects) if (resource === CRD_RESOURCE) registry.refresh(object, false)
  return { token: state.token }
}

function parseState(text: string, path: string): StateFile {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw failure('sandbox/state-unreadable', `the sandbox's state in ${path} cannot be read`, {
      hint: 'Remove the file to start with an empty sandbox.',
      cause: error,
    })
  }
  if (!isObject(value) || value['format'] !== 1 || !Array.isArray(value['objects'])) {
    throw failure('sandbox/state-unreadable', `${path} holds no state of a sandbox`, { hint: 'Remove the file to start with an empty sandbox.' })
  }
  return value as unknown as StateFile
}

/** Writes the state to `dir` after changes, all at once or not at all; `flush` writes at once what is still to be written. */
export function keepState(cluster: Cluster, dir: string, token: string): { flush(): void } {
  let isDirty = true
  let isWaiting = false
  const flush = (): void => {
    if (!isDirty) return
    isDirty = false
    const state: StateFile = { format: 1, token, ...cluster.storage.snapshot() }
    cluster.host.fs.writeFile(join(dir, FILE), JSON.stringify(state), { mode: 0o600 })
  }
  cluster.storage.subscribe(() => {
    isDirty = true
    if (isWaiting) return
    isWaiting = true
    cluster.after(WRITE_DELAY_MS, () => {
      isWaiting = false
      flush()
    })
  })
  return { flush }
}
