import { quote } from '../go/quote.ts'

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`
const OLD_LABEL = '[a-z]([-a-z0-9]*[a-z0-9])?'

const SUBDOMAIN_LENGTH = 253
const LABEL_LENGTH = 63

/** One pass without going back: labels of lower case letters, digits and inner dashes. */
const isLabel = (text: string): boolean => /^[a-z0-9-]+$/.test(text) && !text.startsWith('-') && !text.endsWith('-')
const isSubdomain = (text: string): boolean => text.split('.').every(isLabel)

function tooLong(name: string, length: number): readonly string[] {
  return Buffer.byteLength(name) > length ? [`must be no more than ${length} characters`] : []
}

function formText(sentence: string, form: string, ...examples: readonly string[]): string {
  return `${sentence} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}regex used for validation is '${form}')`
}

function subdomainFaults(name: string): readonly string[] {
  const sentence =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"
  return [...tooLong(name, SUBDOMAIN_LENGTH), ...(isSubdomain(name) ? [] : [formText(sentence, SUBDOMAIN, 'example.com')])]
}

function labelFaults(name: string): readonly string[] {
  const sentence =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"
  const form = isSubdomain(name) ? 'must not contain dots' : formText(sentence, LABEL, 'my-name', '123-abc')
  return [...tooLong(name, LABEL_LENGTH), ...(isLabel(name) ? [] : [form])]
}

function oldLabelFaults(name: string): readonly string[] {
  const sentence =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character"
  const isFit = isLabel(name) && /^[a-z]/.test(name)
  return [...tooLong(name, LABEL_LENGTH), ...(isFit ? [] : [formText(sentence, OLD_LABEL, 'my-name', 'abc-123')])]
}

function pathSegmentFaults(name: string): readonly string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`]
  return ['/', '%'].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`)
}

/** Kinds whose names follow another rule than that of a DNS subdomain. */
const RULES: ReadonlyMap<string, (name: string) => readonly string[]> = new Map([
  ['service', oldLabelFaults],
  ['namespace', labelFaults],
  ['certificatesigningrequest', () => []],
  ...['role', 'clusterrole', 'rolebinding', 'clusterrolebinding'].map((kind) => [kind, pathSegmentFaults] as const),
])

/**
 * What is wrong with the name of an object of `kind`, in the words of Kubernetes; undefined when it may be used.
 *
 * Source: Helm 4.3.1 pkg/chart/v2/lint/rules/template.go (validateMetadataName), k8s.io/apimachinery 0.37.1 pkg/util/validation
 */
export function nameFault(kind: string, name: string): string | undefined {
  const faults = (RULES.get(kind.toLowerCase()) ?? subdomainFaults)(name)
  if (faults.length === 0) return undefined
  const texts = faults.map((fault) => `metadata.name: Invalid value: ${quote(name)}: ${fault}`)
  const all = texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`
  return `object name does not conform to Kubernetes naming requirements: ${quote(name)}: ${all}`
}
