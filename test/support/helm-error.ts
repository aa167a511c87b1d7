/** What is left of Helm's standard error: the error itself, without log lines and advice. */
export function helmErrorText(stderr: string): string {
  const start = stderr.lastIndexOf('\nError: ') + 1
  const text = stderr.slice(stderr.startsWith('Error: ') && start === 0 ? 0 : start)
  return text
    .replace(/^Error: /, '')
    .replace(/\n*Use --debug flag to render out invalid YAML\s*$/, '')
    .trim()
}

/** White space folded, so that layouts compare. */
function folded(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

/** The parts of Helm's error that an answer must have: places in templates, and the cause of each level, line by line. */
export function missingParts(stderr: string, message: string): readonly string[] {
  const parts = helmErrorText(stderr)
    .split('\n')
    .map(folded)
    .filter((part) => part !== '')
  const said = folded(message)
  return parts.filter((part) => !said.includes(part))
}
