import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'

/** The bytes of a chart archive with these files (by path inside the chart). */
export async function chartArchive(name: string, files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack()
  for (const [path, text] of Object.entries(files)) tar.entry({ name: `${name}/${path}`, mtime: new Date(0) }, text)
  tar.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of tar as AsyncIterable<Buffer>) chunks.push(chunk)
  return gzipSync(Buffer.concat(chunks))
}

/** An archive of a chart that renders one ConfigMap with its own version in it. */
export function plainChart(name: string, version: string, more: Readonly<Record<string, string>> = {}): Promise<Buffer> {
  return chartArchive(name, {
    'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: ${version}\n`,
    'templates/cm.yaml': 'kind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  version: {{ .Chart.Version | quote }}\n',
    ...more,
  })
}

/** Hex digits only. */
export function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
