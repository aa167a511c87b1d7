import { loadState } from '../actions/load-state.ts'
import { type ReleaseContent, releaseContent } from '../actions/release-content.ts'
import { maskManifest } from '../report/mask-manifest.ts'
import type { CommandContext } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { stateRequest } from './state-request.ts'
import { withClusters } from './with-clusters.ts'

/** For commands that show one revision of a release. */
export const revisionOptions = {
  revision: { long: 'revision', type: 'integer', value: 'N', min: 0, description: 'revision to show (default: the newest)' },
  showSecrets: { long: 'show-secrets', type: 'flag', description: 'print secret values' },
} as const

/** Formats of what is data. */
export const dataOutputOption = {
  output: { long: 'output', type: 'text', value: 'FORMAT', choices: ['text', 'json', 'yaml'], description: 'text, json or yaml (default: text)' },
} as const

export const releaseArgument = { name: 'RELEASE', description: 'name, or namespace/name' } as const

interface Given {
  readonly revision?: number
  readonly showSecrets?: boolean
}

/**
 * Prints what `print` makes of the content of one release. Without `--show-secrets` everything secret is hidden by then: values of
 * Secrets in manifests and hooks, and texts that come from encrypted files.
 */
export async function showContent(
  context: CommandContext,
  release: string,
  { revision, showSecrets = false }: Given,
  print: (content: ReleaseContent) => void | Promise<void>,
): Promise<number> {
  const { host, terminal } = context
  if (showSecrets) terminal.reveal()
  return withClusters(context, async (clusters) => {
    const state = await loadState(host, { ...stateRequest(context), selection: 'matching' })
    const wanted = { release, ...(revision !== undefined && { revision }) }
    const content = await releaseContent(state, clusters, wanted, () => terminal.everySecret())
    terminal.conceal(content.secrets)
    await print(showSecrets ? content : masked(content, Buffer.from(host.randomBytes(16)).toString('hex')))
    return exitCodes.ok
  })
}

function masked(content: ReleaseContent, salt: string): ReleaseContent {
  const { revision } = content
  const hooks = revision.hooks.map((hook) => ({ ...hook, manifest: maskManifest(hook.manifest, salt) }))
  return { ...content, revision: { ...revision, manifest: maskManifest(revision.manifest, salt), hooks } }
}
