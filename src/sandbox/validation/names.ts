const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const QUALIFIED = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/

const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
const NAME_PART_TEXT =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
const LABEL_VALUE_TEXT =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

function lengthText(limit: number): string {
  return `must be no more than ${limit} bytes`
}

/** What is wrong with a DNS subdomain, the form of most names; empty when nothing is. Source of all here: apimachinery pkg/util/validation/validation.go */
export function subdomainProblems(name: string): readonly string[] {
  const problems = name.length > 253 ? [lengthText(253)] : []
  return name.split('.').every((part) => LABEL.test(part)) ? problems : [...problems, SUBDOMAIN_TEXT]
}

/** What is wrong with a DNS label of RFC 1123: namespaces, container names. */
export function labelProblems(name: string): readonly string[] {
  const problems = name.length > 63 ? [lengthText(63)] : []
  return LABEL.test(name) ? problems : [...problems, LABEL_TEXT]
}

/** What is wrong with a name that only has to fit into a path: roles and their bindings. */
export function pathSegmentProblems(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`]
  return ['/', '%'].filter((c) => name.includes(c)).map((c) => `may not contain '${c}'`)
}

/** What is wrong with a label's or annotation's key. */
export function qualifiedNameProblems(key: string): readonly string[] {
  const parts = key.split('/')
  const name = parts[parts.length - 1] ?? ''
  if (parts.length > 2)
    return [`a qualified name ${NAME_PART_TEXT.slice('name part '.length)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  const prefix = parts.length === 2 ? (parts[0] as string) : undefined
  const problems: string[] = []
  if (prefix === '') problems.push('prefix part must be non-empty')
  else if (prefix !== undefined) problems.push(...subdomainProblems(prefix).map((p) => `prefix part ${p}`))
  if (name === '') problems.push('name part must be non-empty')
  else if (name.length > 63) problems.push('name part must be no more than 63 bytes')
  if (!QUALIFIED.test(name)) problems.push(NAME_PART_TEXT)
  return problems
}

/** What is wrong with a label's value. */
export function labelValueProblems(value: string): readonly string[] {
  const problems = value.length > 63 ? [lengthText(63)] : []
  return value === '' || QUALIFIED.test(value) ? problems : [...problems, LABEL_VALUE_TEXT]
}

const CONFIG_KEY = /^[-._a-zA-Z0-9]+$/

/** What is wrong with a key of a ConfigMap or Secret. */
export function configKeyProblems(key: string): readonly string[] {
  const problems = key.length > 253 ? [lengthText(253)] : []
  if (!CONFIG_KEY.test(key))
    problems.push(
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    )
  return problems
}

/** What is wrong with the name of a port. */
export function portNameProblems(name: string): readonly string[] {
  const problems = name.length > 15 ? ['must be no more than 15 characters'] : []
  if (!/^[-a-z0-9]+$/.test(name)) return [...problems, 'must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']
  if (!/[a-z]/.test(name)) problems.push('must contain at least one letter (a-z)')
  if (name.includes('--')) problems.push('must not contain consecutive hyphens')
  if (name.startsWith('-') || name.endsWith('-')) problems.push('must not begin or end with a hyphen')
  return problems
}

/** What is wrong with a host that may begin with a wildcard label. */
export function hostProblems(host: string): readonly string[] {
  return subdomainProblems(host.startsWith('*.') ? host.slice(2) : host)
}
