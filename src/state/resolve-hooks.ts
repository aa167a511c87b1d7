import { failure, withNote } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import { environmentObject, structObject } from './environment.ts'
import { releaseSpecObject } from './release-spec-object.ts'
import { textRenderer } from './render-text.ts'
import { whereOf } from './spec.ts'
import type { Release, ReleaseHook, StateFile } from './state.ts'
import { isTrue } from './true-words.ts'
import { hostIn } from './working-folder.ts'

/** A hook whose event has come: what to run. */
export interface ResolvedHook {
  readonly name: string
  readonly event: string
  readonly command: string
  readonly args: readonly string[]
  readonly showLogs: boolean
  /** Folder to run in (absolute). */
  readonly cwd: string
  /** What `kubectlApply` names; `command` and `args` are what kubectl would be called with. */
  readonly manifests?: HookManifests
  readonly kustomizeBinary: string
}

/** Manifests that a hook applies. */
export type HookManifests = { readonly filename: string } | { readonly kustomize: string }

/** A hook that applies manifests. */
export type ManifestHook = Pick<ResolvedHook, 'cwd' | 'kustomizeBinary'> & { readonly manifests: HookManifests }

/** What an event tells hooks. */
export interface HookEvent {
  /** `prepare`, `preapply`, `presync`, `postsync`, `preuninstall`, `postuninstall`, `cleanup`. */
  readonly name: string
  /** The verb that runs: `.HelmfileCommand`. */
  readonly command: string
  /** What failed before, for `postsync` and `cleanup`. */
  readonly error?: string | undefined
}

/**
 * The hooks of the file (without `release`) or of a release that wait for `event`, their expressions evaluated.
 * @throws DiagnosticError `state/hooks-disabled`, `state/bad-hook`, and what templates throw
 * Source: Helmfile 1.8 pkg/event/bus.go
 */
export function resolveHooks(host: Host, file: StateFile, release: Release | undefined, event: HookEvent): readonly ResolvedHook[] {
  const hooks = (release ?? file).hooks
  if (hooks.length > 0 && isTrue(host.env['HELMFILE_DISABLE_HOOKS']))
    throw failure('state/hooks-disabled', 'HELMFILE_DISABLE_HOOKS is active, hooks are disabled')
  const data = hookData(file, release, event)
  return hooks.filter((hook) => hook.events.includes(event.name)).map((hook) => resolveHook(host, file, hook, event, data))
}

function hookData({ environmentLayers, spec, values }: StateFile, release: Release | undefined, event: HookEvent): GoMap {
  const common: [string, GoValue][] = [
    ['Environment', environmentObject(environmentLayers)],
    ['Namespace', spec.namespace ?? ''],
    ['Event', structObject('event.event', { Name: event.name, Error: event.error ?? null })],
    ['HelmfileCommand', event.command],
  ]
  return new Map(release ? [...common, ['Values', values], ['Release', releaseSpecObject(release.spec)]] : common)
}

function resolveHook(host: Host, file: StateFile, hook: ReleaseHook, event: HookEvent, data: GoMap): ResolvedHook {
  const { command, args, manifests } = commandOf(hook)
  const renderer = textRenderer(hostIn(host, file.workingDir), file.baseDir)
  const render = (text: string): string => renderer.render({ name: `hook[${hook.name}]`, text }, data)
  try {
    return {
      name: hook.name,
      event: event.name,
      command: render(command),
      args: args.map(render),
      showLogs: hook.showLogs,
      cwd: file.baseDir,
      kustomizeBinary: file.spec.kustomizeBinary || 'kustomize',
      ...(manifests && {
        manifests: 'filename' in manifests ? { filename: render(manifests.filename) } : { kustomize: render(manifests.kustomize) },
      }),
    }
  } catch (error) {
    throw withNote(error, { text: `evaluating hook[${hook.name}] for ${event.name}`, ...whereOf(hook.spec) })
  }
}

function commandOf(hook: ReleaseHook): { readonly command: string; readonly args: readonly string[]; readonly manifests?: HookManifests } {
  const apply = hook.spec.kubectlApply
  if (!apply) return hook
  const file = apply.get('filename')
  const kustomization = apply.get('kustomize')
  const where = whereOf(hook.spec)
  if (file !== undefined && kustomization !== undefined)
    throw failure('state/bad-hook', `hook[${hook.name}]: kustomize & filename cannot be used together`, where)
  if (file !== undefined) return { command: 'kubectl', args: ['apply', '-f', file], manifests: { filename: file } }
  if (kustomization !== undefined) return { command: 'kubectl', args: ['apply', '-k', kustomization], manifests: { kustomize: kustomization } }
  throw failure('state/bad-hook', `hook[${hook.name}]: either kustomize or filename must be given`, where)
}
