import type { Host } from '../../src/base/host.ts'
import { nodeHost } from '../../src/base/host-node.ts'
import type { Plain } from '../../src/go/plain.ts'
import { installOrder } from '../../src/kinds/install-order.ts'
import type { KubeObject } from '../../src/kinds/kube-object.ts'
import type { KubeClient } from '../../src/kube/client.ts'
import { connect } from '../../src/kube/connect.ts'
import type { DesiredRelease } from '../../src/plan/plan.ts'
import type { Hook, HookDeletePolicy, HookEvent, HookOutputLogPolicy, RenderedObject } from '../../src/render/rendered.ts'
import { startSandbox } from '../../src/sandbox/start.ts'
import type { Release, ReleaseOptions } from '../../src/state/state.ts'
import { decodePlain } from '../../src/yaml/decode.ts'

/** Namespaces of releases that tests made: in a cluster that is shared, nothing else may be cleared away. */
const usedNamespaces = new Set<string>()

/** A release as a state gives it. `id` is `namespace/name`, or the name alone when the namespace is `default`. */
export function release(id: string, over: Partial<Omit<Release, 'options'>> & { readonly options?: ReleaseOptions } = {}): Release {
  const [namespace, name] = id.includes('/') ? (id.split('/') as [string, string]) : ['default', id]
  if (namespace !== 'default') usedNamespaces.add(namespace)
  return {
    id,
    name,
    namespace,
    kubeContext: undefined,
    chart: './demo',
    chartPath: '/demo',
    version: undefined,
    labels: {},
    enabled: true,
    installed: true,
    selected: true,
    needs: [],
    options: {},
    hooks: [],
    layers: async () => [],
    at: undefined,
    ...over,
  } as Release
}

/** What a chart would have rendered to `manifests` (YAML documents; those with `helm.sh/hook` become hooks), CRDs apart. */
export function desired(
  manifests: string,
  over: { readonly version?: string; readonly config?: { readonly [key: string]: Plain }; readonly crds?: string; readonly notes?: string } = {},
): DesiredRelease {
  const all = documents(manifests).map(renderedObject)
  const isHook = (object: RenderedObject): boolean => object.object.metadata.annotations?.['helm.sh/hook'] !== undefined
  const objects = all.filter((object) => !isHook(object)).sort((a, b) => rank(a) - rank(b))
  return {
    chart: {
      metadata: { name: 'demo', version: over.version ?? '1.0.0', apiVersion: 'v2', appVersion: '1.0.0' },
      lock: null,
      values: new Map(),
      valuesSource: null,
      schema: null,
      templates: [{ name: 'templates/all.yaml', data: Buffer.from(manifests) }],
      files: [],
      raw: [],
      dependencies: [],
      origin: '/demo',
    },
    config: over.config ?? {},
    rendered: {
      objects,
      hooks: all.filter(isHook).map(hookOf),
      crds: documents(over.crds ?? '').map(renderedObject),
      manifest: objects.map((object) => `---\n# Source: ${object.path}\n${object.text}\n`).join(''),
      notes: over.notes ?? '',
      warnings: [],
    },
  }
}

function documents(text: string): readonly string[] {
  return text.split(/^---\n/m).filter((part) => part.trim() !== '')
}

function renderedObject(text: string): RenderedObject {
  const [object] = decodePlain({ name: 'manifest', text })
  return { path: 'demo/templates/all.yaml', text: text.trimEnd(), object: object as unknown as KubeObject }
}

function rank({ object }: RenderedObject): number {
  const at = installOrder.indexOf(object.kind)
  return at < 0 ? installOrder.length : at
}

function hookOf(rendered: RenderedObject): Hook {
  const { annotations = {}, name = '' } = rendered.object.metadata
  const words = <T extends string>(key: string): readonly T[] => (annotations[key] === undefined ? [] : (annotations[key].split(',') as T[]))
  return {
    ...rendered,
    name,
    kind: rendered.object.kind,
    events: words<HookEvent>('helm.sh/hook'),
    weight: Number(annotations['helm.sh/hook-weight'] ?? 0),
    deletePolicies: words<HookDeletePolicy>('helm.sh/hook-delete-policy'),
    outputLogPolicies: words<HookOutputLogPolicy>('helm.sh/hook-output-log-policy'),
  }
}

/** A cluster for one test file and a client of it. */
export interface Cluster {
  readonly host: Host
  readonly client: KubeClient
  /** A file for other programs. */
  readonly kubeconfig: string
  /** Deletes what tests left, and stops what was started. */
  close(): Promise<void>
}

/**
 * The cluster that FLOTILLA_TEST_KUBECONFIG names, or else a sandbox of its own, whose pods take `readyAfterMs` (1). A named
 * one is cleared up afterwards, unless FLOTILLA_TEST_DISPOSABLE says that it ends with the tests.
 */
export async function startCluster(options: { readonly readyAfterMs?: number } = {}): Promise<Cluster> {
  const host = nodeHost()
  const given = process.env['FLOTILLA_TEST_KUBECONFIG']
  return given === undefined ? startSandboxCluster(host, options.readyAfterMs ?? 1) : useCluster(host, given)
}

async function startSandboxCluster(host: Host, readyAfterMs: number): Promise<Cluster> {
  const sandbox = await startSandbox(host, { readyAfterMs })
  const kubeconfig = `${host.tempDir}/flotilla-test-${Buffer.from(host.randomBytes(6)).toString('hex')}.yaml`
  host.fs.writeFile(kubeconfig, sandbox.kubeconfig, { mode: 0o600 })
  const client = await connect(host, { kubeconfig })
  return {
    host,
    client,
    kubeconfig,
    close: async () => {
      client.close()
      host.fs.remove(kubeconfig)
      await sandbox.close()
    },
  }
}

async function useCluster(host: Host, kubeconfig: string): Promise<Cluster> {
  const client = await connect(host, { kubeconfig })
  const names = async (apiVersion: string, kind: string): Promise<readonly string[]> =>
    (await client.list(apiVersion, kind)).map((object) => object.metadata.name ?? '')
  return {
    host,
    client,
    kubeconfig,
    close: async () => {
      for (const name of usedNamespaces) await client.delete({ apiVersion: 'v1', kind: 'Namespace', name })
      for (const name of await names('apiextensions.k8s.io/v1', 'CustomResourceDefinition')) {
        // Those of this process: another test may be at work with its own.
        if (name.endsWith('.demo.example') && name.includes(String(process.pid)))
          await client.delete({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name })
      }
      client.close()
    },
  }
}
