import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { DiagnosticError } from '../../../src/base/diagnostic.ts'
import { loadState } from '../../../src/state/load-state.ts'
import type { StateRequest } from '../../../src/state/request.ts'
import { goldenFolder } from '../../support/golden.ts'
import { memoryHost } from '../../support/memory-host.ts'

interface Table {
  readonly state: string
  readonly runs: readonly {
    readonly selectors: readonly string[]
    readonly flags: readonly string[]
    readonly exit: number
    readonly releases: readonly string[]
  }[]
}

const { state, runs } = JSON.parse(readFileSync(join(goldenFolder('state'), 'needs.json'), 'utf8')) as Table

const FLAGS: Readonly<Record<string, StateRequest>> = {
  '--skip-needs': { skipNeeds: true },
  '--skip-needs=false': { skipNeeds: false },
  '--include-needs': { includeNeeds: true },
  '--include-transitive-needs': { includeTransitiveNeeds: true },
  '--enforce-needs-are-installed': { enforceNeedsAreInstalled: true },
}

/** Names of the releases to install, in order; undefined when the run is refused. */
async function chosen(selectors: readonly string[], flags: readonly string[]): Promise<readonly string[] | undefined> {
  const request: StateRequest = Object.assign({ selectors }, ...flags.map((flag) => FLAGS[flag]))
  try {
    const { files } = await loadState(memoryHost({ 'helmfile.yaml': state }), request)
    return files.flatMap((file) => file.selected.filter(({ installed }) => installed).map(({ name }) => name))
  } catch (error) {
    if (error instanceof DiagnosticError) return undefined
    throw error
  }
}

describe('selectors and needs as Helmfile combines them', () => {
  for (const { selectors, flags, exit, releases } of runs) {
    test(`${selectors.join(' or ') || 'everything'} ${flags.join(' ')}`, async () => {
      assert.deepEqual(await chosen(selectors, flags), exit === 0 ? releases : undefined)
    })
  }
})
