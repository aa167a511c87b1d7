import { posix } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Chart } from '../chart/chart.ts'
import { crdFiles } from '../chart/crd-files.ts'
import { stringFromBytes } from '../go/bytes.ts'
import { deepEqual } from '../go/deep-equal.ts'
import { sprint } from '../go/printf.ts'
import { GoError, type GoMap } from '../go/values.ts'
import { decodeYamlAll } from '../yaml/decode.ts'
import type { AssertionKind } from './asserts/assertion-kind.ts'
import { assertionKinds } from './asserts/table.ts'
import { RAW } from './asserts/uniform.ts'
import { findPath } from './path-find.ts'
import { errorText, renderTest, settledChart, type TestRendering, type TestSetting } from './render-test.ts'
import { ALL_TEMPLATES, templatePath } from './select-templates.ts'
import type { Snapshots } from './snapshots.ts'
import type { Assertion, DocumentSelector, PostRenderCommand, Suite, Test } from './suite.ts'
import type { AssertionResult, TestResult } from './test-result.ts'
import { testValues } from './test-values.ts'

/** What all tests of a run have in common. */
export interface TestRun {
  readonly host: Host
  readonly failFast: boolean
  readonly skipSchemaValidation: boolean
  /** Values from outside, lowest first. */
  readonly values: readonly GoMap[]
}

type Documents = ReadonlyMap<string, readonly GoMap[]>

/** A rendered template apart into documents; `---` cuts them wherever it starts a line. */
function documentsIn(path: string, text: string): readonly GoMap[] {
  const stream = text.replace(/(?:^|(?<!\s)\s*\n)---\s*/g, '\n---\n')
  return decodeYamlAll({ name: path, text: stream }, 'helmfile').flatMap((value) => {
    if (value === null) return []
    if (value instanceof Map) return value.size > 0 ? [value] : []
    throw failure('unittest/not-an-object', `a document of ${path} is no map`)
  })
}

function parsed(path: string, text: string): readonly GoMap[] | undefined {
  const extension = posix.extname(path)
  if (extension === '.txt') return [new Map([[RAW, text]])]
  return ['.yaml', '.yml', '.tpl'].includes(extension) ? documentsIn(path, text) : undefined
}

const MARK = '---\n#### file:'

/** The stream of all texts through the program, apart again where its marks are left; else under one name. */
async function postRendered(host: Host, texts: ReadonlyMap<string, string>, { cmd, args }: PostRenderCommand): Promise<ReadonlyMap<string, string>> {
  const input = [...texts.keys()].sort().map((path) => `${MARK} ${path}\n${texts.get(path)?.trim()}\n`)
  const { code, stdout, stderr, missing } = await host.run({ file: cmd, args, input: input.join('') })
  if (missing) throw failure('unittest/post-render', `unable to find binary at ${cmd}`)
  if (code !== 0) throw failure('unittest/post-render', `post-render failed: ${cmd} ended with ${code ?? 'none'}: ${stringFromBytes(stderr).trim()}`)
  const output = stringFromBytes(stdout)
  const blocks = output.split(/(?=---\n#### file:)/).flatMap((block): (readonly [string, string])[] => {
    const [head, path] = /^---\n#### file: (.*)\n/.exec(block) ?? []
    return head === undefined || path === undefined ? [] : [[path, block.slice(head.length)]]
  })
  return new Map(blocks.length > 0 ? blocks : [['manifest.yaml', output]])
}

interface Rendered {
  readonly documents: Documents
  /** Paths of what was rendered, before a post-renderer. */
  readonly paths: readonly string[]
  readonly succeeded: boolean
  readonly error: string | undefined
  readonly isPostRendered: boolean
}

function crdDocuments(chart: Chart): readonly (readonly [string, readonly GoMap[]])[] {
  return crdFiles(chart).map(({ path, text }) => [path, documentsIn(path, text)] as const)
}

async function documentsOf(run: TestRun, setting: TestSetting, rendering: TestRendering): Promise<Rendered> {
  const { suite, test, chart } = setting
  const crds = suite.includeCrds ? crdDocuments(settledChart(setting)) : []
  const named = (path: string): string => (path.startsWith(chart.metadata.name) ? path : posix.join(chart.metadata.name, path))
  if (rendering.kind !== 'texts') {
    const errors = rendering.kind === 'failed' ? rendering.errors : new Map<string, string>()
    const documents = [...errors].map(([path, message]) => [named(path), [new Map([[RAW, message]])]] as const)
    const error = rendering.kind === 'error' ? rendering.error : undefined
    return { documents: new Map([...crds, ...documents]), paths: [...errors.keys()], succeeded: false, error, isPostRendered: false }
  }
  const program = test.postRenderer ?? suite.postRenderer
  const texts = program ? await postRendered(run.host, rendering.texts, program) : rendering.texts
  const documents = [...texts].flatMap(([path, text]) => {
    const found = parsed(named(path), text)
    return found ? [[named(path), found] as const] : []
  })
  const paths = [...rendering.texts.keys(), ...crds.map(([path]) => path)]
  return { documents: new Map([...crds, ...documents]), paths, succeeded: true, error: undefined, isPostRendered: program !== undefined }
}

/** The templates an assertion is about. */
function templatesFor(assertion: Assertion, { suite, test, wanted }: TestSetting, { documents, paths, isPostRendered }: Rendered): readonly string[] {
  const [only] = documents.keys()
  if (isPostRendered && documents.size === 1 && only?.endsWith('manifest.yaml')) return [only]
  const prefixed = (names: readonly string[]): readonly string[] => names.map((name) => posix.join(suite.route, templatePath(name)))
  if (assertion.template !== '') return prefixed([assertion.template])
  if (test.templates.length > 0) return prefixed(test.templates)
  if (test.template !== '') return prefixed([test.template])
  return wanted.some((name) => name.includes('*')) ? paths : prefixed(wanted)
}

function isSelected(document: GoMap, { path, value }: DocumentSelector): boolean {
  return findPath(document, path).some((found) => value === undefined || deepEqual(value, found))
}

/** Documents by template, or what is wrong with the selection. */
function select(assertion: Assertion, test: Test, documents: Documents): Documents | string {
  const selector = assertion.documentSelector ?? test.documentSelector
  const index = test.documentIndex ?? assertion.documentIndex
  if (selector && selector.path !== '') {
    const found = [...documents].map(([path, all]) => [path, all.filter((document) => isSelected(document, selector))] as const)
    const count = found.reduce((sum, [, all]) => sum + all.length, 0)
    if (count > 1 && !selector.matchMany) return 'multiple indexes found'
    if (count === 0 && !selector.skipEmptyTemplates) return 'document not found'
    return new Map(found.filter(([, all]) => all.length > 0))
  }
  if (index < 0) return documents
  if ([...documents.values()].some((all) => index >= all.length)) return `document index ${index} is out of range`
  return new Map([...documents].map(([path, all]) => [path, [all[index] as GoMap]]))
}

interface Judging {
  readonly run: TestRun
  readonly setting: TestSetting
  readonly rendered: Rendered
  readonly snapshots: Snapshots
}

type Outcome = Pick<AssertionResult, 'passed' | 'lines'>

/** One template's documents judged; the line with its name stands before what is wrong with it. */
function judgeTemplate(
  assertion: Assertion,
  kind: AssertionKind,
  { run, rendered, snapshots }: Judging,
  path: string,
  selected: readonly GoMap[],
): Outcome {
  const documents = rendered.documents.get(path)
  const needsSuccess = !kind.expectsFailure
  if (!documents && needsSuccess) {
    return { passed: false, lines: ['Error:', `\ttemplate "${path}" not exists or not selected in test suite`] }
  }
  const named = (lines: readonly string[]): Outcome => ({ passed: false, lines: [`Template:\t${path}`, ...lines] })
  if (needsSuccess !== rendered.succeeded) {
    const [first] = documents ?? []
    const raw = first?.get(RAW) ?? null
    return named([first ? `Error: Invalid rendering: ${raw === null ? '%!s(<nil>)' : sprint([raw])}` : 'Error: rendered manifest is empty'])
  }
  const verdict = kind.judge({
    documents: documents ?? [],
    selected,
    negative: assertion.not !== (kind.isOpposite ?? false),
    parameters: assertion.parameters,
    failFast: run.failFast,
    renderError: rendered.error,
    snapshots,
  })
  return verdict.passed ? verdict : named(verdict.lines)
}

/** What is judged where no template is left. */
function judgeNothing(assertion: Assertion, kind: AssertionKind, { run, rendered, snapshots }: Judging): Outcome {
  if (!kind.expectsFailure !== rendered.succeeded) return { passed: false, lines: ['Error: rendered manifest is empty'] }
  const negative = assertion.not !== (kind.isOpposite ?? false)
  const { parameters } = assertion
  return kind.judge({ documents: [], selected: [], negative, parameters, failFast: run.failFast, renderError: rendered.error, snapshots })
}

function judge(assertion: Assertion, index: number, judging: Judging): AssertionResult {
  const { setting, rendered } = judging
  const { type, not } = assertion
  const kind = assertionKinds.get(type) as AssertionKind
  const result = (outcome: Outcome, skipped = false): AssertionResult => ({ index, type, not, skipped, ...outcome })
  const wanted = templatesFor(assertion, setting, rendered)
  const selected = select(assertion, setting.test, new Map(wanted.map((path) => [path, rendered.documents.get(path) ?? []])))
  if (typeof selected === 'string') return result({ passed: false, lines: ['Error:', selected] })
  if (selected.size === 0 && setting.test.documentSelector?.skipEmptyTemplates) return result({ passed: true, lines: [] }, true)
  if (selected.size === 0) return result(judgeNothing(assertion, kind, judging))
  const outcomes = [...selected.keys()].sort().map((path) => judgeTemplate(assertion, kind, judging, path, selected.get(path) as readonly GoMap[]))
  return result({ passed: outcomes.every(({ passed }) => passed), lines: outcomes.flatMap(({ lines }) => lines) })
}

function judgeAll(judging: Judging): readonly AssertionResult[] {
  const results: AssertionResult[] = []
  for (const [index, assertion] of judging.setting.test.assertions.entries()) {
    const result = judge(assertion, index, judging)
    results.push(result)
    if (!result.passed && judging.run.failFast) break
  }
  return results
}

/**
 * Runs one test of a suite on `chart`.
 *
 * Source: helm-unittest 1.1.2 pkg/unittest/test_job.go (RunV3), assertion.go (Assert)
 */
export async function runTest(run: TestRun, suite: Suite, test: Test, chart: Chart, snapshots: Snapshots): Promise<TestResult> {
  const { host, skipSchemaValidation } = run
  const { name } = test
  const start = host.monotonic()
  const ended = (result: Omit<TestResult, 'name' | 'milliseconds'>): TestResult => ({ name, ...result, milliseconds: host.monotonic() - start })
  if (suite.skip !== '' || test.skip !== '') return { name, passed: false, skipped: true, assertions: [], milliseconds: 0 }
  try {
    const wanted = suite.templates.length > 0 ? suite.templates : [ALL_TEMPLATES]
    const mustRender = test.assertions.every(({ type }) => !assertionKinds.get(type)?.expectsFailure)
    const values = testValues(host, suite, test, run.values)
    const setting: TestSetting = { suite, test, chart, values, wanted, skipSchemaValidation, mustRender }
    const rendered = await documentsOf(run, setting, renderTest(host, setting))
    const assertions = judgeAll({ run, setting, rendered, snapshots })
    const skipped = assertions.length > 0 && assertions.every((assertion) => assertion.skipped)
    const passed = assertions.every((assertion) => assertion.passed)
    return ended({ passed, skipped, assertions, ...(rendered.error !== undefined && { error: rendered.error }) })
  } catch (error) {
    const isExpected = error instanceof GoError || (error instanceof Error && 'diagnostics' in error)
    if (!isExpected) throw error
    return ended({ passed: false, skipped: false, assertions: [], error: errorText(error) })
  }
}
