import type { LiveResource } from '../../actions/live-resources.ts'
import { loadState } from '../../actions/load-state.ts'
import { type ReleaseStatusLine, releaseStatus } from '../../actions/release-status.ts'
import { failure } from '../../base/diagnostic.ts'
import { fullStatusText, metadataOf } from '../../report/release-content.ts'
import { formatTable } from '../../report/table.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { releaseArgument, revisionOptions, showContent } from '../get-content.ts'
import { hooked } from '../hooked.ts'
import { outputOption } from '../shared-options.ts'
import { stateRequest } from '../state-request.ts'
import { withClusters } from '../with-clusters.ts'

function asTable(lines: readonly ReleaseStatusLine[]): string {
  const rows = lines.map((line) => [
    [line.kubeContext, line.namespace, line.name].filter(Boolean).join('/'),
    line.status,
    line.revision === undefined ? '-' : String(line.revision),
    line.chart ?? '-',
    line.appVersion || '-',
    line.updated?.replace(/\.\d+/, '') ?? '-',
  ])
  return formatTable(['RELEASE', 'STATUS', 'REVISION', 'CHART', 'APP VERSION', 'UPDATED'], rows)
}

function resourcesText(resources: readonly LiveResource[]): string {
  const rows = resources.map(({ kind, name, state, message, created }) => [
    `${kind}/${name}`,
    state,
    created ?? '-',
    message.replace(/\s*\n\s*/g, ' '),
  ])
  return formatTable(['OBJECT', 'STATE', 'CREATED', 'MESSAGE'], rows)
}

/** A line for programs: every key always there. */
function asDocument(line: ReleaseStatusLine): unknown {
  const { kubeContext = null, revision = null, chart = null, appVersion = null, updated = null, description = null } = line
  return {
    id: line.id,
    name: line.name,
    namespace: line.namespace,
    kubeContext,
    status: line.status,
    revision,
    chart,
    appVersion,
    updated,
    description,
  }
}

export const status: Command = defineCommand({
  options: {
    ...outputOption,
    ...revisionOptions,
    showResources: { long: 'show-resources', type: 'flag', description: 'with a release: its objects, and whether they are ready' },
  },
  arguments: [{ ...releaseArgument, description: 'one release in detail; absent: a line for each', optional: true }],
  examples: ['flotilla -e staging status', 'flotilla -e staging -l app=web status --output json', 'flotilla -e staging status web --revision 3'],
  async run(context, { output, showResources, ...given }, [name]) {
    if (name !== undefined) {
      return showContent(context, name, given, async (content) => {
        const resources = showResources ? await content.resources() : undefined
        if (output === 'json') context.terminal.json({ ...metadataOf(content), ...(resources && { resources }) })
        else context.terminal.out(fullStatusText(content, resources && resourcesText(resources)))
      })
    }
    if (given.revision !== undefined || showResources)
      throw failure('cli/missing-argument', 'this is asked of one release', { hint: 'name the release' })
    if (given.showSecrets) context.terminal.reveal()
    return withClusters(context, async (clusters) => {
      const state = await loadState(context.host, { ...stateRequest(context), selection: 'matching' })
      return hooked(context, 'status', { state, clusters }, async () => {
        const lines = await releaseStatus(context.host, state, clusters)
        if (output === 'json') context.terminal.json(lines.map(asDocument))
        else context.terminal.out(asTable(lines))
        return { exit: exitCodes.ok }
      })
    })
  },
})
