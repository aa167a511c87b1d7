/** A version of JSON Schema. */
export interface Draft {
  /** 4, 6, 7, 2019 or 2020. */
  readonly version: number
  readonly url: string
  /** The keyword that names a schema. */
  readonly idKeyword: string
  /** Keywords with a schema, a list of schemas and schemas by name. */
  readonly single: readonly string[]
  readonly lists: readonly string[]
  readonly maps: readonly string[]
}

const DRAFT_4: Draft = {
  version: 4,
  url: 'http://json-schema.org/draft-04/schema',
  idKeyword: 'id',
  single: ['not', 'additionalProperties', 'items', 'additionalItems'],
  lists: ['allOf', 'anyOf', 'oneOf', 'items'],
  maps: ['definitions', 'properties', 'patternProperties', 'dependencies'],
}

const DRAFT_6: Draft = {
  ...DRAFT_4,
  version: 6,
  url: 'http://json-schema.org/draft-06/schema',
  idKeyword: '$id',
  single: [...DRAFT_4.single, 'propertyNames', 'contains'],
}

const DRAFT_7: Draft = { ...DRAFT_6, version: 7, url: 'http://json-schema.org/draft-07/schema', single: [...DRAFT_6.single, 'if', 'then', 'else'] }

const DRAFT_2019: Draft = {
  ...DRAFT_7,
  version: 2019,
  url: 'https://json-schema.org/draft/2019-09/schema',
  single: [...DRAFT_7.single, 'unevaluatedProperties', 'unevaluatedItems', 'contentSchema'],
  maps: [...DRAFT_7.maps, '$defs', 'dependentSchemas'],
}

/** The draft of schemas that name none. */
export const LATEST_DRAFT: Draft = {
  ...DRAFT_2019,
  version: 2020,
  url: 'https://json-schema.org/draft/2020-12/schema',
  lists: [...DRAFT_2019.lists, 'prefixItems'],
}

const DRAFTS: readonly Draft[] = [DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019, LATEST_DRAFT]

/** The draft a `$schema` value names: `http` and `https` alike, an empty fragment allowed; undefined for all others. */
export function draftOf(schemaUrl: string): Draft | undefined {
  const plain = schemaUrl.replace(/#$/, '').replace(/^https?:\/\//, '')
  if (plain === 'json-schema.org/schema') return LATEST_DRAFT
  return DRAFTS.find((draft) => draft.url.replace(/^https?:\/\//, '') === plain)
}
