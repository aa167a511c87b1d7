interface Complaint {
  readonly indent: number
  /** A JSON pointer. */
  readonly location: string
  readonly line: string
  readonly below: Complaint[]
}

const COMPLAINT = /^( *)- at '((?:[^'\\]|\\.)*)': /
const NAMES = /(?<=: (?:additional|unevaluated) properties ).+(?= not allowed$)/
const BY_PROPERTY = /: (?:invalid propertyName|properties .+ required, if) /

/**
 * The complaints about schemas in a text in one order. Helm goes through the properties of an object in another order each time: what it
 * says of them side by side is sorted. Everything else keeps its place.
 *
 * Source: github.com/santhosh-tekuri/jsonschema/v6 6.0.2 validator.go (objValidate)
 */
export function complaintsInOrder(text: string): string {
  const lines: string[] = []
  let block: Complaint[] = []
  const finish = (): void => {
    lines.push(...written(block, ''))
    block = []
  }
  for (const line of text.split('\n')) {
    const match = COMPLAINT.exec(line)
    if (match) place(block, { indent: match[1]?.length ?? 0, location: match[2] ?? '', line: sortedNames(line), below: [] })
    else {
      finish()
      lines.push(line)
    }
  }
  finish()
  return lines.join('\n')
}

function sortedNames(line: string): string {
  return line.replace(NAMES, (names) => names.split(', ').sort().join(', '))
}

function place(siblings: Complaint[], complaint: Complaint): void {
  const last = siblings.at(-1)
  if (last && complaint.indent > last.indent) place(last.below, complaint)
  else siblings.push(complaint)
}

function written(siblings: readonly Complaint[], location: string): string[] {
  const lines: string[] = []
  let run: string[][] = []
  let property = false
  for (const complaint of siblings) {
    const isProperty = isOfProperty(complaint, location)
    if (isProperty !== property) {
      lines.push(...sorted(run))
      run = []
    }
    property = isProperty
    const own = [complaint.line, ...written(complaint.below, complaint.location)]
    if (isProperty) run.push(own)
    else lines.push(...own)
  }
  return [...lines, ...sorted(run)]
}

/** Whether a complaint is about a property of the object at `location`, not about an item of a list. */
function isOfProperty(complaint: Complaint, location: string): boolean {
  if (BY_PROPERTY.test(complaint.line)) return true
  const below = complaint.location.slice(location.length)
  return complaint.location.startsWith(location) && /^\/(?!\d+(?:\/|$))/.test(below)
}

function sorted(run: readonly (readonly string[])[]): string[] {
  return run
    .map((lines) => lines.join('\n'))
    .sort()
    .flatMap((text) => text.split('\n'))
}
