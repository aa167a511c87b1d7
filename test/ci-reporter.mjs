// A line per test, then every failure in full, then node's own counts as the last lines.
import { inspect } from 'node:util'

function mark({ skip, todo }, isPass) {
  if (skip !== undefined || todo !== undefined) return '-'
  return isPass ? '✔' : '✖'
}

function line(data, isPass) {
  const reason = typeof data.skip === 'string' ? ` # ${data.skip}` : ''
  return `${'  '.repeat(data.nesting)}${mark(data, isPass)} ${data.name} (${Math.round(data.details.duration_ms)} ms)${reason}\n`
}

function failureText({ name, file, line: at, details: { error } }) {
  const cause = error.cause ?? error
  return `\n✖ ${name} (${file}:${at})\n${typeof cause === 'string' ? cause : inspect(cause, { depth: 6 })}\n`
}

/** Suites fail because of the tests in them; those are told already. */
const isOwnFailure = ({ details: { error } }) => error.failureType !== 'subtestsFailed'

// biome-ignore lint/style/noDefaultExport: node takes a reporter from the default export
export default async function* ciReporter(source) {
  const failures = []
  const summary = []
  for await (const { type, data } of source) {
    if (type === 'test:pass') yield line(data, true)
    else if (type === 'test:stderr' || type === 'test:stdout') yield data.message
    else if (type === 'test:diagnostic' && data.nesting === 0 && data.file === undefined) summary.push(`# ${data.message}\n`)
    else if (type === 'test:fail') {
      yield line(data, false)
      if (isOwnFailure(data)) failures.push(failureText(data))
    }
  }
  yield* failures
  yield '\n'
  yield* summary
}
