// A chart repository and an OCI registry on one loopback port, for the benchmark: prints its port, serves until it is ended.
//   node chart-server.mjs MEGABYTES_OF_INDEX
import { randomFillSync } from 'node:crypto'
import { createServer } from 'node:http'
import { plainChart, sha256 } from '../../dist/test/support/chart-archive.js'
import { emptyRegistry, publish, registryListener } from '../../dist/test/support/registry-server.js'

const CHARTS = 50
const ARCHIVE_BYTES = 40_000
const VERSIONS_PER_CHART = 50
const indexBytes = Number(process.argv[2]) * 1024 * 1024

const files = new Map()
const registry = emptyRegistry()
const blocks = []
let size = 0

function block(name, digestOf) {
  const versions = Array.from({ length: VERSIONS_PER_CHART }, (_, i) => {
    const version = `1.${VERSIONS_PER_CHART - 1 - i}.0`
    return `  - annotations:
      category: Infrastructure
      images: |
        - name: ${name}
          image: docker.io/example/${name}:2.${i}.0-debian-12-r${i}
        - name: os-shell
          image: docker.io/example/os-shell:12-debian-12-r${i}
    apiVersion: v2
    appVersion: 2.${i}.0
    created: "2025-01-${String((i % 28) + 1).padStart(2, '0')}T10:11:12.123456789Z"
    dependencies:
    - name: common
      repository: oci://registry.example.test/charts
      tags:
      - example-common
      version: 2.x.x
    description: ${name} keeps what it is given and gives it back to whoever asks, with the care of a chart of this size.
    digest: ${digestOf(version)}
    home: https://example.test
    icon: https://example.test/assets/stacks/${name}/img/${name}-stack-220x234.png
    keywords:
    - ${name}
    - database
    maintainers:
    - name: Somebody
      url: https://example.test/charts
    name: ${name}
    sources:
    - https://example.test/charts/tree/main/${name}
    urls:
    - charts/${name}-${version}.tgz
    version: ${version}
`
  })
  return `  ${name}:\n${versions.join('')}`
}

for (let i = 0; i < CHARTS; i++) {
  const name = `part${i}`
  const newest = `1.${VERSIONS_PER_CHART - 1}.0`
  // Bytes that do not pack, so that archives have the size of real ones.
  const filling = randomFillSync(Buffer.alloc((ARCHIVE_BYTES * 3) / 4)).toString('base64')
  const archive = await plainChart(name, newest, { 'files/filling.txt': filling })
  files.set(`/charts/${name}-${newest}.tgz`, archive)
  publish(registry, `charts/${name}`, newest, archive)
  blocks.push(block(name, (version) => (version === newest ? sha256(archive) : 'ab'.repeat(32))))
  size += blocks.at(-1).length
}
for (let i = 0; size < indexBytes; i++) {
  blocks.push(block(`other${i}`, () => 'ab'.repeat(32)))
  size += blocks.at(-1).length
}
files.set('/index.yaml', Buffer.from(`apiVersion: v1\nentries:\n${blocks.join('')}generated: "2026-01-01T00:00:00Z"\n`))

const etags = new Map([...files].map(([path, data]) => [path, `"${sha256(data)}"`]))
const oci = registryListener(registry)

function web(request, response) {
  const etag = etags.get(request.url)
  if (etag === undefined) return response.writeHead(404).end()
  if (request.headers['if-none-match'] === etag) return response.writeHead(304, { etag }).end()
  const data = files.get(request.url)
  return response.writeHead(200, { etag, 'content-length': data.length }).end(data)
}

const server = createServer((request, response) => (request.url.startsWith('/v2/') ? oci : web)(request, response))
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
