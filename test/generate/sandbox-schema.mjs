// Writes src/sandbox/schema/builtin-data.ts from the Go modules of Kubernetes:
//   node test/generate/sandbox-schema.mjs <k8s.io/kubernetes> <k8s.io/api> <k8s.io/apimachinery> <k8s.io/apiextensions-apiserver>
// Resources come from api/discovery, types from api/openapi-spec, and how Go writes a zero value from the structs of the other modules.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [root, api, apimachinery, apiextensions] = process.argv.slice(2)
if (!apiextensions) throw new Error('usage: sandbox-schema.mjs <kubernetes> <api> <apimachinery> <apiextensions-apiserver>')
const read = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'))
const definitions = read('api/openapi-spec/swagger.json').definitions
const LEFT_OUT = new Set(['internal.apiserver.k8s.io', 'storagemigration.k8s.io'])

const resources = []
const versionOrder = []
for (const file of ['api/discovery/api__v1.json']) addCore(read(file))
for (const group of read('api/discovery/aggregated_v2.json').items) addGroup(group)

function addCore(list) {
  const roots = new Map()
  versionOrder.push(['', ['v1']])
  for (const r of list.resources) {
    const [plural, ...sub] = r.name.split('/')
    if (sub.length) {
      roots.get(plural).subresources.push(subresource(sub.join('/'), r.kind, r.group ?? '', r.version ?? '', r.verbs))
      continue
    }
    const entry = {
      group: '',
      version: 'v1',
      plural,
      singular: r.singularName,
      kind: r.kind,
      namespaced: r.namespaced,
      verbs: r.verbs,
      shortNames: r.shortNames ?? [],
      categories: r.categories ?? [],
      subresources: [],
    }
    roots.set(plural, entry)
    resources.push(entry)
  }
}

function subresource(name, kind, group, version, verbs) {
  return { name, kind, group, version, verbs }
}

function addGroup(item) {
  const group = item.metadata.name
  const stable = item.versions.filter((v) => /^v\d+$/.test(v.version))
  if (group === '' || group === undefined || stable.length === 0 || LEFT_OUT.has(group)) return
  versionOrder.push([group, stable.map((v) => v.version)])
  for (const { version, resources: list } of stable) {
    for (const r of list) {
      resources.push({
        group,
        version,
        plural: r.resource,
        singular: r.singularResource,
        kind: r.responseKind.kind,
        namespaced: r.scope === 'Namespaced',
        verbs: r.verbs,
        shortNames: r.shortNames ?? [],
        categories: r.categories ?? [],
        subresources: (r.subresources ?? []).map((s) =>
          subresource(
            s.subresource,
            s.responseKind?.kind ?? r.responseKind.kind,
            s.responseKind?.group ?? '',
            s.responseKind?.version ?? '',
            s.verbs,
          ),
        ),
      })
    }
  }
}

// ---- Go structs: is a field a pointer, and what does omitempty do to it?
const goStructs = new Map()
function goPackage(dir) {
  if (goStructs.has(dir)) return goStructs.get(dir)
  const structs = new Map()
  goStructs.set(dir, structs)
  const full = dir
  if (!existsSync(full)) return structs
  for (const file of readdirSync(full).filter(
    (f) => f.endsWith('.go') && !f.startsWith('zz_') && !f.endsWith('_test.go') && !f.includes('generated'),
  )) {
    const text = readFileSync(join(full, file), 'utf8')
    for (const m of text.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)) {
      const fields = []
      for (const line of m[2].split('\n')) {
        const field = line.match(/^\t(?:(\w+)\s+)?([\w.*[\]]+)\s+`.*json:"([^"]*)"/)
        if (field) fields.push({ type: field[2], json: field[3] })
      }
      structs.set(m[1], fields)
    }
  }
  return structs
}
const ALIASES = { metav1: join(apimachinery, 'pkg/apis/meta/v1'), v1: join(api, 'core/v1'), corev1: join(api, 'core/v1') }

function goDirOf(name) {
  const parts = name.split('.')
  const type = parts.pop()
  const rest = parts.join('/')
  for (const [prefix, dir] of [
    ['io/k8s/api/', api],
    ['io/k8s/apimachinery/', apimachinery],
    ['io/k8s/apiextensions-apiserver/', apiextensions],
  ]) {
    if (rest.startsWith(prefix)) return [join(dir, rest.slice(prefix.length)), type]
  }
  return ['', type]
}

function goFields(dir, type) {
  const out = new Map()
  for (const f of goPackage(dir).get(type) ?? []) {
    const [jsonName, ...flags] = f.json.split(',')
    if (jsonName === '' || flags.includes('inline')) {
      const bare = f.type.replace('*', '')
      const [pkg, name] = bare.includes('.') ? bare.split('.') : [undefined, bare]
      const inner = pkg ? (pkg === 'v1' && dir.includes('apis/meta') ? dir : ALIASES[pkg]) : dir
      if (inner) for (const [k, v] of goFields(inner, name)) out.set(k, v)
      continue
    }
    out.set(jsonName, {
      pointer: f.type.startsWith('*'),
      omit: flags.includes('omitempty') || flags.includes('omitzero'),
      omitzero: flags.includes('omitzero'),
    })
  }
  return out
}

// ---- defaults of list map keys, which only the v3 documents carry
const keyDefaults = new Map()
for (const file of readdirSync(join(root, 'api/openapi-spec/v3'))) {
  for (const [name, def] of Object.entries(read(`api/openapi-spec/v3/${file}`).components?.schemas ?? {})) {
    for (const [field, p] of Object.entries(def.properties ?? {})) {
      if (p.default !== undefined && typeof p.default !== 'object') keyDefaults.set(`${name}/${field}`, p.default)
    }
  }
}

// ---- types
const types = {}
const shortNames = new Map()
const nameOf = (full) => {
  if (shortNames.has(full)) return shortNames.get(full)
  const parts = full.split('.')
  const short = parts.slice(-3).join('.')
  shortNames.set(full, short)
  return short
}
const SCALARS = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'q',
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'x',
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': 't',
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': 't',
}
const refOf = (p) => p.$ref?.replace('#/definitions/', '')

function schemaOf(p, owner) {
  const ref = refOf(p)
  if (ref) {
    if (SCALARS[ref]) return SCALARS[ref]
    const def = definitions[ref]
    if (!def.properties) return def.type === 'string' ? 's' : '*'
    addType(ref)
    return p['x-kubernetes-map-type'] === 'atomic' ? `!${nameOf(ref)}` : `@${nameOf(ref)}`
  }
  if (p.type === 'array') {
    const item = refOf(p.items)
    const relation = p['x-kubernetes-list-type'] ?? 'atomic'
    const list = { l: relation, e: schemaOf(p.items, owner) }
    if (relation === 'map') {
      list.k = p['x-kubernetes-list-map-keys']
      const defaults = Object.fromEntries(list.k.filter((k) => keyDefaults.has(`${item}/${k}`)).map((k) => [k, keyDefaults.get(`${item}/${k}`)]))
      if (Object.keys(defaults).length) list.d = defaults
    }
    if (p['x-kubernetes-patch-strategy']) list.s = p['x-kubernetes-patch-strategy']
    if (p['x-kubernetes-patch-merge-key']) list.m = p['x-kubernetes-patch-merge-key']
    return list
  }
  if (p.type === 'object') {
    if (p.additionalProperties)
      return p['x-kubernetes-map-type'] === 'atomic'
        ? { a: schemaOf(p.additionalProperties, owner), atomic: 1 }
        : { a: schemaOf(p.additionalProperties, owner) }
    return '*'
  }
  if (p.type === 'string') return p.format === 'byte' ? 'y' : 's'
  return { integer: 'i', number: 'n', boolean: 'b' }[p.type] ?? '*'
}

function addType(full) {
  const name = nameOf(full)
  if (types[name]) return
  const def = definitions[full]
  const out = { f: {} }
  types[name] = out
  if (def['x-kubernetes-map-type'] === 'atomic') out.a = 1
  const [dir, type] = goDirOf(full)
  const go = goFields(dir, type)
  for (const [field, p] of Object.entries(def.properties ?? {})) {
    const schema = schemaOf(p, full)
    const info = go.get(field)
    const isStruct =
      typeof schema === 'string' && (schema.startsWith('@') || schema.startsWith('!') || schema === 't' || schema === 'q' || schema === 'x')
    let mode = 0
    if (info && !info.pointer) mode = info.omit ? (isStruct && !info.omitzero ? 2 : 1) : 2
    if (info && !info.pointer && schema === 't') mode = info.omitzero ? 1 : 2
    if (info?.pointer && !info.omit) mode = 3
    const patch = typeof p.$ref === 'string' && p['x-kubernetes-patch-strategy'] ? p['x-kubernetes-patch-strategy'] : undefined
    out.f[field] = patch ? [schema, mode, patch] : mode === 0 ? schema : [schema, mode]
  }
  // Required fields that Go would fill with a zero value are found by validation, not by decoding.
}

for (const r of resources) {
  const entry = Object.entries(definitions).find(
    ([, d]) =>
      (d['x-kubernetes-group-version-kind'] ?? []).some((g) => g.group === r.group && g.version === r.version && g.kind === r.kind) && d.properties,
  )
  if (!entry) continue
  addType(entry[0])
  r.type = nameOf(entry[0])
}

const clash = new Map()
for (const [full, short] of shortNames) {
  if (clash.has(short)) throw new Error(`two types named ${short}: ${full}, ${clash.get(short)}`)
  clash.set(short, full)
}
const lines = [
  '// Generated by test/generate/sandbox-schema.mjs from Kubernetes 1.36.3; do not edit.',
  '/* biome-ignore-all format: generated */',
  '',
  '/** Group and its served versions, the preferred one first, in the order discovery gives them. */',
  `export const BUILTIN_GROUPS: string = ${JSON.stringify(JSON.stringify(versionOrder))}`,
  '',
  '/** The built-in resources as JSON text: an array of `ApiResource`. */',
  'export const BUILTIN_RESOURCES: string =',
  ...resources.map(
    (r, i) =>
      `  ${quote((i === 0 ? '[' : ',') + JSON.stringify(r) + (i === resources.length - 1 ? ']' : ''))}${i === resources.length - 1 ? '' : ' +'}`,
  ),
  '',
  '/** The types of their objects as JSON text, read by `builtin.ts`. */',
  'export const BUILTIN_TYPES: string =',
  ...Object.entries(types).map(
    ([k, v], i, all) =>
      `  ${quote(`${i === 0 ? '{' : ','}${JSON.stringify(k)}:${JSON.stringify(v)}${i === all.length - 1 ? '}' : ''}`)}${i === all.length - 1 ? '' : ' +'}`,
  ),
  '',
]
function quote(text) {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
writeFileSync(new URL('../../src/sandbox/schema/builtin-data.ts', import.meta.url), lines.join('\n'))
console.log(resources.length, 'resources', Object.keys(types).length, 'types')
