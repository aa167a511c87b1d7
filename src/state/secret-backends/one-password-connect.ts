import { objectsOf, textOf, valueAt } from '../../base/json.ts'
import type { Plain } from '../../go/plain.ts'
import type { GoMap } from '../../go/values.ts'
import { encodeText } from '../yaml-text.ts'
import { askServer, type Backend, parseJson, requiredVariable, type SecretBackend, type SecretQuery, secretFailure } from './backend.ts'

/**
 * Items of a 1Password Connect server: `VAULT/ITEM`, each by its id or its title; the fields by label or id, those of a section
 * also as `SECTION.FIELD`.
 * Source: vals 0.46 pkg/providers/onepasswordconnect, 1Password/connect-sdk-go 1.5
 */
export const onePasswordConnectBackend: SecretBackend = {
  text: async (by, query) => encodeText(await readFields(by, query)),
  map: readFields,
}

const ID = /^[a-z0-9]{26}$/

async function readFields(by: Backend, query: SecretQuery): Promise<GoMap> {
  const [vaultName, itemName] = query.path.split('/')
  if (!vaultName || !itemName) throw secretFailure(query.uri, `invalid path "${query.path}"`, 'write VAULT/ITEM')
  const vault = await idOf(by, query, '/v1/vaults', vaultName)
  const item = await idOf(by, query, `/v1/vaults/${vault}/items`, itemName)
  const fields = valueAt(await ask(by, query, `/v1/vaults/${vault}/items/${item}`), 'fields')
  return new Map(objectsOf(fields).flatMap((field) => namesOf(field).map((name) => [name, textOf(valueAt(field, 'value'))] as const)))
}

/** All that a field goes by. */
function namesOf(field: unknown): readonly string[] {
  const [id, label] = [textOf(valueAt(field, 'id')), textOf(valueAt(field, 'label'))]
  const section = valueAt(field, 'section')
  if (section === undefined) return [id, label]
  const titles = [textOf(valueAt(section, 'label')), textOf(valueAt(section, 'id'))].filter((title, i) => i === 1 || title !== '')
  return [id, ...titles.flatMap((title) => [`${title}.${label}`, `${title}.${id}`])]
}

/** The id of what is called `name` in the list at `path`. */
async function idOf(by: Backend, query: SecretQuery, path: string, name: string): Promise<string> {
  if (ID.test(name)) return name
  const found = await ask(by, query, `${path}?filter=${encodeURIComponent(`title eq "${name}"`)}`)
  const ids = objectsOf(found).map((entry) => valueAt(entry, 'id'))
  if (ids.length !== 1 || typeof ids[0] !== 'string') throw secretFailure(query.uri, `${ids.length} entries are titled "${name}"`)
  return ids[0]
}

async function ask(by: Backend, query: SecretQuery, path: string): Promise<Plain> {
  const url = `${requiredVariable(by, 'OP_CONNECT_HOST', query).replace(/\/$/, '')}${path}`
  const authorization = `Bearer ${requiredVariable(by, 'OP_CONNECT_TOKEN', query)}`
  const { body } = await askServer(by, query, '1Password Connect', { url, headers: { 'content-type': 'application/json' }, authorization })
  return parseJson(body.toString('utf8'), 'the answer', query)
}
