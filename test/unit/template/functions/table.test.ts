import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { helmFunctions } from '../../../../src/template/functions/table.ts'
import { varyingFunctions } from '../../../../src/template/functions/varying.ts'
import { functionTable, functionTablePath, readNames } from '../../../generate/function-table.ts'
import { fixedHost } from '../../../support/evaluate.ts'
import { goldenFolder } from '../../../support/golden.ts'

/** They need the chart or the cluster: `render/` adds them. */
const ADDED_LATER = ['getHostByName', 'include', 'lookup', 'tpl']

const recorded = readNames(goldenFolder('functions'))
const functions = helmFunctions(fixedHost)

describe('helmFunctions', () => {
  it('has the functions Helm has, no more and no less', () => {
    const wanted = recorded.map(({ name }) => name).filter((name) => !ADDED_LATER.includes(name))
    assert.deepEqual([...functions.keys()].sort(), wanted.sort())
  })

  it('gives each its parameters', () => {
    const shown = (params: readonly string[], variadic?: string): string => [...params, ...(variadic ? [`...${variadic}`] : [])].join(', ')
    const different = recorded
      .filter(({ name }) => functions.has(name))
      .map(({ name, params }) => ({ name, params, ours: shown(functions.get(name)?.params ?? [], functions.get(name)?.variadic) }))
      .filter(({ params, ours }) => params !== ours)
    assert.deepEqual(different, [])
  })

  it('counts only functions that exist as varying', () => {
    const names = new Set(recorded.map(({ name }) => name))
    assert.deepEqual(
      [...varyingFunctions].filter((name) => !names.has(name)),
      [],
    )
  })
})

describe('docs/functions.md', () => {
  it('is what the recording says', () => {
    const folder = goldenFolder('functions')
    assert.equal(readFileSync(functionTablePath(folder), 'utf8'), functionTable(folder))
  })
})
