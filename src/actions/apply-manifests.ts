import { join, resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Source } from '../base/source.ts'
import { stringFromBytes } from '../go/bytes.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import type { KubeClient } from '../kube/client.ts'
import type { ManifestHook } from '../state/resolve-hooks.ts'
import { makeFetcher } from '../supply/fetcher.ts'
import { decodePlain } from '../yaml/decode.ts'

const MAX_BYTES = 64 * 1024 * 1024
const MANIFEST = /\.(?:yaml|yml|json)$/

/**
 * Applies what a hook's `kubectlApply` names: a file, a folder, a URL or a kustomization. On the server's side, as the manager
 * `kubectl`; fields of others are taken over, as `kubectl apply` does.
 *
 * @returns a line for each object, as kubectl prints it
 * @throws DiagnosticError `actions/bad-manifest`, `actions/unknown-kind`, `state/no-kustomize`, `supply/…`, and what the server refuses
 */
export async function applyManifests(host: Host, hook: ManifestHook, client: KubeClient): Promise<string> {
  const lines: string[] = []
  for (const source of await sourcesOf(host, hook)) for (const object of objectsIn(source)) lines.push(await applyObject(client, object, source))
  return lines.map((line) => `${line}\n`).join('')
}

async function sourcesOf(host: Host, { manifests, cwd, kustomizeBinary }: ManifestHook): Promise<readonly Source[]> {
  if ('kustomize' in manifests)
    return [{ name: manifests.kustomize, text: await kustomized(host, { folder: resolve(cwd, manifests.kustomize), program: kustomizeBinary }) }]
  const { filename } = manifests
  if (/^https?:\/\//.test(filename)) return [{ name: filename, text: await fetched(host, filename) }]
  const path = resolve(cwd, filename)
  const kind = host.fs.stat(path)?.kind
  if (kind === 'file') return [{ name: filename, text: host.fs.readText(path) }]
  if (kind !== 'directory')
    throw failure('actions/bad-manifest', `the path "${filename}" does not exist`, { hint: 'paths start in the folder of the state file' })
  const names = (host.fs.readDir(path) ?? []).filter((name) => MANIFEST.test(name)).toSorted()
  return names.map((name) => ({ name: join(filename, name), text: host.fs.readText(join(path, name)) }))
}

async function fetched(host: Host, url: string): Promise<string> {
  const fetcher = makeFetcher(host)
  try {
    const { status, body } = await fetcher.fetch({ url, maxBytes: MAX_BYTES })
    if (status === 200) return body.toString('utf8')
    throw failure('actions/bad-manifest', `${url} answered with status ${status}`)
  } finally {
    fetcher.close()
  }
}

async function kustomized(host: Host, { folder, program }: { readonly folder: string; readonly program: string }): Promise<string> {
  const { code, stdout, stderr, missing } = await host.run({ file: program, args: ['build', folder], cwd: folder })
  if (missing) {
    const hint = 'install kustomize, or say where it is with kustomizeBinary'
    throw failure('state/no-kustomize', `there is no program "${program}" to build ${folder}`, { hint })
  }
  if (code === 0) return stringFromBytes(stdout)
  throw failure('state/kustomize-failed', `kustomize cannot build ${folder}`, { notes: [{ text: stringFromBytes(stderr).trim() }] })
}

function objectsIn(source: Source): readonly KubeObject[] {
  const documents = decodePlain(source).flatMap((document) => {
    const list = document as unknown as { readonly kind?: string; readonly items?: readonly KubeObject[] } & KubeObject
    return list.kind?.endsWith('List') && Array.isArray(list.items) ? list.items : [list]
  })
  for (const { kind, apiVersion, metadata } of documents) {
    if (!kind || !apiVersion || !metadata?.name)
      throw failure('actions/bad-manifest', `${source.name} holds a document without kind, apiVersion or metadata.name`)
  }
  return documents
}

async function applyObject(client: KubeClient, object: KubeObject, { name: file }: Source): Promise<string> {
  const { apiVersion, kind, metadata } = object
  const resource = (await client.discovery()).find(apiVersion, kind) ?? (await client.discovery({ refresh: true })).find(apiVersion, kind)
  if (!resource) {
    throw failure('actions/unknown-kind', `the cluster does not know the kind ${kind} of ${apiVersion}`, {
      notes: [{ text: `${metadata.name} in ${file}` }],
      hint: 'apply its CustomResourceDefinition first',
    })
  }
  const placed = resource.namespaced ? { ...object, metadata: { ...metadata, namespace: metadata.namespace ?? client.defaultNamespace } } : object
  const { namespace } = placed.metadata
  const before = await client.get({ apiVersion, kind, name: metadata.name ?? '', ...(namespace && { namespace }) })
  const after = await client.apply(placed, { fieldManager: 'kubectl', force: true })
  const what = before ? (before.metadata.resourceVersion === after.metadata.resourceVersion ? 'unchanged' : 'configured') : 'created'
  return `${kind.toLowerCase()}${resource.group && `.${resource.group}`}/${metadata.name} ${what}`
}
