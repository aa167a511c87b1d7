import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { templateChart } from '../../src/actions/template-chart.ts'
import { nodeHost } from '../../src/base/host-node.ts'
import { optionsFromArguments } from '../support/helm-arguments.ts'
import { helmErrorText } from '../support/helm-error.ts'
import { difference, everDiffers } from './compare-template.ts'
import { complaintsInOrder } from './complaint-order.ts'
import type { Answer, Oracle } from './helm-engine.ts'
import type { ChartCase } from './random-charts.ts'

function write(folder: string, files: ChartCase['files']): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

async function render(folder: string, args: readonly string[]): Promise<Answer> {
  const options = optionsFromArguments(args)
  if (!options) throw new Error(`unknown arguments: ${args.join(' ')}`)
  try {
    const host = nodeHost({ cwd: folder, env: { TZ: 'UTC' } })
    return { output: await templateChart({ chart: join(folder, 'chart'), name: 'rel-name', namespace: 'ns-test', ...options, host }) }
  } catch (error) {
    return { output: '', error: (error as Error).message }
  }
}

/** What fetching a schema comes to depends on the network. */
const FETCHING = /(HTTP request failed for [^\s:]+:\S+): .*/g

/** What differs in errors about schemas: all that Helm says must be said, line by line. */
function schemaDifference(helm: string, ours: string): string | undefined {
  const [theirs, own] = [helmErrorText(helm), ours.replace(/ \[chart\/schema]$/, '')].map((text) =>
    complaintsInOrder(text.replace(FETCHING, '$1')),
  ) as [string, string]
  return own.includes(theirs) ? undefined : `Helm says ${theirs}\nours says ${own}`
}

/** What differs between Helm's and our output for one chart, or undefined; `fold` as for `difference`. */
export async function compareChart(helm: Oracle, { files, args, anyOrder }: ChartCase, fold?: (text: string) => string): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-oracle-'))
  try {
    write(folder, files)
    const ours = await render(folder, args)
    const question = { folder, args: ['template', 'rel-name', join(folder, 'chart'), '--namespace', 'ns-test', ...args] }
    return await everDiffers(
      () => helm.ask(question),
      (answer) => (anyOrder && answer.error && ours.error ? schemaDifference(answer.error, ours.error) : difference(answer, ours, fold)),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
