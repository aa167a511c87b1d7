import { askServer, parseJson, type SecretBackend, type SecretQuery, secretFailure, textBackend } from './backend.ts'
import { findFirst, type JsonNode, jsonTree } from './json-path.ts'

/**
 * One value of a JSON document at a URL, named by an XPath expression: `HOST/PATH#/name`, `HOST/PATH#///*[1]/id`.
 * `insecure=true` asks by HTTP, `floatAsInt=true` prints a number without fraction and exponent.
 * Source: vals 0.46 pkg/providers/httpjson
 */
export const httpJsonBackend: SecretBackend = textBackend(async (by, query) => {
  if (query.fragment === '') throw secretFailure(query.uri, 'no value is named', 'add #/ and an XPath expression, as in #/name')
  const url = urlOf(query)
  const { body } = await askServer(by, query, 'the server', { url })
  const found = findFirst(jsonTree(parseJson(body.toString('utf8'), 'the answer', query)), query.fragment, query)
  if (!found) throw secretFailure(query.uri, 'there is nothing in the document that the expression names')
  const text = textOf(found, query)
  return query.query.get('floatAsInt') === 'true' ? wholeNumber(text, query) : text
})

/** The address as it was written, without what is meant for us. */
function urlOf({ uri, query }: SecretQuery): string {
  const [, place = '', options = ''] = /^[^:]*:\/\/([^?#]*)\??([^#]*)/.exec(uri) ?? []
  const sent = new URLSearchParams(options)
  for (const own of ['insecure', 'floatAsInt']) sent.delete(own)
  return `${query.get('insecure') === 'true' ? 'http' : 'https'}://${place}${sent.size > 0 ? `?${sent}` : ''}`
}

/** A scalar, or the texts of a list joined by commas. */
function textOf({ children }: JsonNode, { uri }: SecretQuery): string {
  const texts = children.map(({ value }) => value)
  const isOne = children.every(({ name }) => name === children[0]?.name)
  if (children.length > 0 && isOne && texts.every((text) => typeof text === 'string')) return texts.join(',')
  throw secretFailure(uri, 'what the expression names is no text and no list of texts', 'write a more exact expression')
}

function wholeNumber(text: string, { uri }: SecretQuery): string {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw secretFailure(uri, 'the value is no number')
  return BigInt(Math.round(value)).toString()
}
