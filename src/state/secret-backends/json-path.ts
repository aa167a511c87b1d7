import { isObject } from '../../base/json.ts'
import { fromPlain, type Plain } from '../../go/plain.ts'
import { sprint } from '../../go/printf.ts'
import { type SecretQuery, secretFailure } from './backend.ts'

/** A JSON document as XPath sees it: entries of objects are elements of their names, those of lists have none, scalars are texts. */
export interface JsonNode {
  /** Empty for entries of lists and for the document. */
  readonly name: string
  /** Undefined for objects, lists and, in elements, for what is no text. */
  readonly value: string | undefined
  readonly children: readonly JsonNode[]
  readonly isText: boolean
}

/** The tree of a document. Source: antchfx/jsonquery 1.3 */
export function jsonTree(value: Plain): JsonNode {
  return element('', value)
}

function element(name: string, value: Plain): JsonNode {
  return { name, value: typeof value === 'string' ? value : undefined, children: childrenOf(value), isText: false }
}

function childrenOf(value: Plain): readonly JsonNode[] {
  if (Array.isArray(value)) return value.map((item) => element('', item))
  if (isObject(value))
    return Object.keys(value)
      .sort()
      .map((key) => element(key, value[key] as Plain))
  return [{ name: '', value: value === null ? '<nil>' : sprint([fromPlain(value)]), children: [], isText: true }]
}

/** One step of a path: the elements of a name (`*` for any) among the children or all descendants, narrowed by conditions. */
interface Step {
  readonly isDeep: boolean
  readonly name: string
  readonly conditions: readonly string[]
}

const STEP = /^(\/{0,2})([^/[\]]+)((?:\[[^\]]*\])*)/

/**
 * The first element that an XPath expression names: steps of names and `*` behind `/` or `//`, each with conditions `[2]`,
 * `[last()]`, `[name]`, `[name="text"]`.
 * @throws DiagnosticError `state/secret-ref` for other expressions
 */
export function findFirst(root: JsonNode, path: string, query: SecretQuery): JsonNode | undefined {
  return stepsOf(path, query).reduce<readonly JsonNode[]>((found, step) => unique(found.flatMap((node) => taken(node, step, query))), [root])[0]
}

function stepsOf(path: string, query: SecretQuery): readonly Step[] {
  const steps: Step[] = []
  for (let rest = path; rest !== ''; ) {
    const [whole, slashes = '', name = '', conditions = ''] = STEP.exec(rest) ?? []
    if (whole === undefined || !/^(\*|[\w.-]+)$/.test(name) || (steps.length > 0 && slashes === '')) throw unknownExpression(query)
    steps.push({ isDeep: slashes === '//', name, conditions: conditions.slice(1, -1).split('][').filter(Boolean) })
    rest = rest.slice(whole.length)
  }
  return steps
}

function unknownExpression({ uri }: SecretQuery): Error {
  return secretFailure(uri, 'such an expression is not supported', 'use names and * between / or //, with [2], [last()], [name] or [name="text"]')
}

function unique(nodes: readonly JsonNode[]): readonly JsonNode[] {
  return [...new Set(nodes)]
}

function taken(node: JsonNode, { isDeep, name, conditions }: Step, query: SecretQuery): readonly JsonNode[] {
  const parents = isDeep ? withDescendants(node) : [node]
  return parents.flatMap(({ children }) => {
    const named = children.filter((child) => !child.isText && (name === '*' || child.name === name))
    return conditions.reduce<readonly JsonNode[]>((left, condition) => left.filter(conditionOf(condition, left, query)), named)
  })
}

function withDescendants(node: JsonNode): readonly JsonNode[] {
  return [node, ...node.children.flatMap(withDescendants)]
}

function conditionOf(condition: string, among: readonly JsonNode[], query: SecretQuery): (node: JsonNode, index: number) => boolean {
  if (/^\d+$/.test(condition)) return (_node, index) => index === Number(condition) - 1
  if (condition === 'last()') return (_node, index) => index === among.length - 1
  const [, name, double, single] = /^([\w-]+|\.)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?$/.exec(condition) ?? []
  if (name === undefined) throw unknownExpression(query)
  const wanted = double ?? single
  return (node) => {
    const meant = name === '.' ? [node] : node.children.filter((child) => child.name === name && !child.isText)
    return meant.some((child) => wanted === undefined || innerText(child) === wanted)
  }
}

function innerText({ isText, value, children }: JsonNode): string {
  return isText ? (value ?? '') : children.map(innerText).join('')
}
