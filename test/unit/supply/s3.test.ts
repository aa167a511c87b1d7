import assert from 'node:assert/strict'
import { test } from 'node:test'
import { awsSignature } from '../../../src/base/aws-signature.ts'
import { openSupply } from '../../../src/supply/chart-supply.ts'
import { parseRemoteAddress } from '../../../src/supply/remote-address.ts'
import { plainChart, sha256 } from '../../support/chart-archive.ts'
import { runFlotilla } from '../../support/command-line.ts'
import { s3Listener } from '../../support/s3-server.ts'
import { scopeOf, supplyHost, versionsOf } from '../../support/supply-host.ts'
import { startWebServer } from '../../support/web-server.ts'

const KEYS = { AWS_ACCESS_KEY_ID: 'AK', AWS_SECRET_ACCESS_KEY: 's3cret-word' }

// The expected signature is what botocore 1.43.11 makes of the same request.
test('requests for objects are signed as AWS signs them', () => {
  const signed = awsSignature(
    { id: 'AKIDEXAMPLE', key: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', session: 'SESSION' },
    {
      service: 's3',
      region: 'eu-west-1',
      method: 'GET',
      url: new URL('https://s3.eu-west-1.amazonaws.com/my.bucket/charts/web%201%2B%28a%29~%C3%A9.tgz'),
      headers: { 'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' },
      body: '',
      now: new Date('2015-08-30T12:36:00Z'),
    },
  )
  assert.deepEqual(signed, {
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=af9e206d655dcd28230423fc1f864a11399763becf6e617041c0e94f68d2f850',
    'x-amz-date': '20150830T123600Z',
    'x-amz-security-token': 'SESSION',
  })
})

test('a repository in a bucket of another region, with relative and absolute addresses, locked', async (t) => {
  const [one, two] = [await plainChart('web', '1.0.0'), await plainChart('web', '2.0.0')]
  const objects = new Map<string, Buffer | string>([
    ['/my.bucket/charts/web-1.0.0.tgz', one],
    ['/my.bucket/charts/web-2.0.0+b (é).tgz', two],
  ])
  const entry = (version: string, url: string, data: Buffer): string => `  - {version: "${version}", urls: ["${url}"], digest: ${sha256(data)}}\n`
  const index = [entry('1.0.0', 'web-1.0.0.tgz', one), entry('2.0.0', 's3://my.bucket/charts/web-2.0.0+b (é).tgz', two)]
  objects.set('/my.bucket/charts/index.yaml', `entries:\n  web:\n${index.join('')}`)
  const { url, log } = await startWebServer(t, s3Listener({ objects, regions: { 'my.bucket': 'eu-west-1' }, key: KEYS.AWS_SECRET_ACCESS_KEY }))
  const host = supplyHost(t, { ...KEYS, AWS_ENDPOINT_URL: url })
  host.fs.writeFile(
    'helmfile.yaml',
    'repositories:\n- {name: r, url: s3://my.bucket/charts}\nreleases:\n- {name: a, chart: r/web, version: 1.0.0}\n- {name: b, chart: r/web}\n',
  )
  const run = (...args: string[]) => runFlotilla(args, { cwd: host.cwd, env: host.env })
  const deps = await run('deps')
  assert.deepEqual([deps.exit, deps.stderr.replaceAll(host.cwd, '')], [0, 'wrote /helmfile.flotilla.lock\nwrote /helmfile.lock\n'])
  assert.match(
    host.fs.readText('helmfile.flotilla.lock'),
    /source: s3:\/\/my\.bucket\/charts web[\s\S]*url: s3:\/\/my\.bucket\/charts\/web-1\.0\.0\.tgz/,
  )
  assert.deepEqual(log.slice(0, 2), ['GET /my.bucket/charts/index.yaml 301', 'GET /my.bucket/charts/index.yaml 200'])
  assert.deepEqual(log.slice(2).sort(), ['GET /my.bucket/charts/web-1.0.0.tgz 200', 'GET /my.bucket/charts/web-2.0.0%2Bb%20%28%C3%A9%29.tgz 200'])
  const locked = await run('--locked', 'template')
  assert.deepEqual([locked.exit, locked.stderr], [0, ''])
  await run('deps')
  assert.equal(log.at(-1), 'GET /my.bucket/charts/index.yaml 304')
})

const forms = ['s3://b-1/dir/web-1.0.0.tgz', 's3::https://b-1.s3.us-east-1.amazonaws.com/dir/web-1.0.0.tgz']
for (const chart of forms) {
  test(`an archive at ${chart}`, async (t) => {
    const objects = new Map([['/b-1/dir/web-1.0.0.tgz', await plainChart('web', '1.0.0')]])
    const { url } = await startWebServer(t, s3Listener({ objects, key: 'SK' }))
    const host = supplyHost(t, { AWS_ENDPOINT_URL_S3: `${url}/`, AWS_PROFILE: 'charts' })
    host.fs.writeFile('.aws/credentials', '[default]\n[charts]\naws_access_key_id = AK\naws_secret_access_key=SK\n')
    assert.deepEqual(await versionsOf(t, host, scopeOf(host, []), [{ chart }]), ['1.0.0'])
  })
}

test('state files and values from a bucket that is open to everyone', async (t) => {
  const objects = new Map([
    ['/open/base.yaml', 'commonLabels: {far: away}\n'],
    ['/open/values.yaml.gotmpl', 'who: {{ .Release.Name }}\n'],
  ])
  const { url } = await startWebServer(t, s3Listener({ objects, key: '', open: ['open'] }))
  const host = supplyHost(t, { AWS_ENDPOINT: url })
  host.fs.writeFile('chart/Chart.yaml', 'apiVersion: v2\nname: chart\nversion: 1.0.0\n')
  host.fs.writeFile('chart/templates/cm.yaml', 'who: {{ .Values.who }}\n')
  const state = 'bases: ["s3::https://s3-eu-west-1.amazonaws.com/open/base.yaml"]\nreleases:\n'
  host.fs.writeFile('helmfile.yaml', `${state}- {name: inner, chart: ./chart, values: ["s3://open/values.yaml.gotmpl"]}\n`)
  const { stdout, stderr } = await runFlotilla(['-l', 'far=away', 'template'], { cwd: host.cwd, env: host.env })
  assert.deepEqual([stdout, stderr], ['---\n# Source: chart/templates/cm.yaml\nwho: inner\n\n', ''])
})

const refusals: readonly (readonly [what: string, chart: string, env: Readonly<Record<string, string>>, RegExp])[] = [
  ['without keys', 's3://shut/web.tgz', {}, /s3:\/\/shut\/web\.tgz answered 403 \(AccessDenied\) \[supply\/unauthorized\][\s\S]*AWS_ACCESS_KEY_ID/],
  ['with another key', 's3://shut/web.tgz', { ...KEYS, AWS_SECRET_ACCESS_KEY: 'other' }, /403 \(SignatureDoesNotMatch\) \[supply\/unauthorized\]/],
  ['that is not there', 's3://shut/gone.tgz', KEYS, /answered 404 \(NoSuchKey\) \[supply\/not-found\]/],
  ['without a key', 's3://shut', KEYS, /"s3:\/\/shut" names no object \[supply\/bad-reference\]/],
  ['on a server that is none', 's3://shut/web.tgz', { ...KEYS, AWS_ENDPOINT_URL: 'file:///x' }, /is no address of a server for S3/],
]
for (const [what, chart, env, expected] of refusals) {
  test(`an object ${what}`, async (t) => {
    const { url } = await startWebServer(t, s3Listener({ objects: new Map(), key: KEYS.AWS_SECRET_ACCESS_KEY }))
    const host = supplyHost(t, { AWS_ENDPOINT_URL: url, ...env })
    const supply = openSupply(host)
    t.after(() => supply.close())
    await assert.rejects(supply.chart(scopeOf(host, []), { chart }), (error: Error) => {
      assert.match(`${error.message}\n${JSON.stringify(error)}`, expected)
      assert.ok(!JSON.stringify(error, Object.getOwnPropertyNames(error)).includes('s3cret-word'))
      return true
    })
  })
}

const web = (url: string): object => ({ kind: 'web', url, cache: true })
const unsupported = (what: string): object => ({ kind: 'unsupported', what })
const addresses: readonly (readonly [string, object])[] = [
  ['s3://bucket/a/x.yaml', web('s3://bucket/a/x.yaml')],
  ['s3://bucket/x.yaml?cache=false', { kind: 'web', url: 's3://bucket/x.yaml', cache: false }],
  ['s3::s3://bucket/x.yaml', web('s3://bucket/x.yaml')],
  ['s3::https://s3.amazonaws.com/bucket/a/x.yaml', web('s3://bucket/a/x.yaml')],
  ['s3::https://s3-eu-west-1.amazonaws.com/bucket/x.yaml', web('s3://bucket/x.yaml')],
  ['s3::https://my.bucket.s3.eu-west-1.amazonaws.com/x.yaml', web('s3://my.bucket/x.yaml')],
  ['s3::https://bucket.s3-eu-west-1.amazonaws.com/x.yaml', web('s3://bucket/x.yaml')],
  ['s3::https://bucket.s3.cn-north-1.amazonaws.com.cn/x.yaml', web('s3://bucket/x.yaml')],
  ['s3::https://minio.example/bucket/x.yaml', unsupported('s3:: with a server that is none of Amazon (set AWS_ENDPOINT_URL)')],
  ['s3::https://bucket.s3.amazonaws.com.example/x.yaml', unsupported('s3:: with a server that is none of Amazon (set AWS_ENDPOINT_URL)')],
  ['s3::https://s3.amazonaws.com/bucket/all.tar.gz@x.yaml', unsupported('a file inside an object on S3 (@)')],
  ['s3://bucket/x.yaml?versionId=1', unsupported('a query on S3 (versionId)')],
]
for (const [text, expected] of addresses) test(`address ${text}`, () => assert.deepEqual(parseRemoteAddress(text), expected))
