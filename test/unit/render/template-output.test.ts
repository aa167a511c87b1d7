import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DiagnosticError } from '../../../src/base/diagnostic.ts'
import type { Hook, Rendered } from '../../../src/render/rendered.ts'
import { templateOutput } from '../../../src/render/template-output.ts'

const hook = (path: string, event: 'test' | 'pre-install'): Hook => ({
  path,
  text: `kind: Job # ${event}`,
  name: 'h',
  kind: 'Job',
  events: [event],
  weight: 0,
  deletePolicies: [],
  outputLogPolicies: [],
  object: { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'h' } },
})

const rendered: Rendered = {
  objects: [],
  hooks: [hook('c/templates/t.yaml', 'test'), hook('c/templates/h.yaml', 'pre-install')],
  crds: [],
  manifest: '---\n# Source: c/templates/a.yaml\nkind: A\n\n---\n# Source: c/templates/sub/b.yaml\nkind: B\n\n',
  notes: '',
  warnings: [],
}

const a = '---\n# Source: c/templates/a.yaml\nkind: A\n\n'
const b = '---\n# Source: c/templates/sub/b.yaml\nkind: B\n'
const t = '---\n# Source: c/templates/t.yaml\nkind: Job # test\n'
const h = '---\n# Source: c/templates/h.yaml\nkind: Job # pre-install\n'

describe('templateOutput', () => {
  it('prints objects, then hooks', () => assert.equal(templateOutput(rendered), a + b + t + h))
  it('leaves tests out', () => assert.equal(templateOutput(rendered, { skipTests: true }), a + b + h))
  it('leaves hooks out', () => assert.equal(templateOutput(rendered, { noHooks: true }), a + b))
  it('shows one template', () => assert.equal(templateOutput(rendered, { showOnly: ['templates/a.yaml'] }), `${a}\n`))
  it('shows what a pattern matches, in the order asked for', () => {
    assert.equal(templateOutput(rendered, { showOnly: ['templates/*/*.yaml', 'templates/h.yaml'] }), `${b}\n${h}\n`)
  })
  it('prints a line break for nothing at all', () => assert.equal(templateOutput({ ...rendered, hooks: [], manifest: '' }), '\n'))
  it('refuses patterns that match nothing', () => {
    assert.throws(() => templateOutput(rendered, { showOnly: ['templates/x.yaml'] }), /could not find template templates\/x.yaml in chart/)
  })
  for (const [pattern, hint] of [
    ['templates/sub/b.yml', 'write templates/sub/b.yaml if that is what you mean'],
    ['h.yaml', 'write templates/h.yaml if that is what you mean'],
    ['nowhere-near.txt', undefined],
  ] as const) {
    it(`names what ${pattern} may have meant`, () => {
      const refused = (error: unknown): boolean => error instanceof DiagnosticError && error.diagnostics[0]?.hint === hint
      assert.throws(() => templateOutput(rendered, { showOnly: [pattern] }), refused)
    })
  }
  it('refuses hooks that are left out', () => {
    assert.throws(() => templateOutput(rendered, { noHooks: true, showOnly: ['templates/h.yaml'] }), /could not find template/)
  })
})
