import assert from 'node:assert/strict'
import { createVerify, generateKeyPairSync } from 'node:crypto'
import { describe, type TestContext, test } from 'node:test'
import { fromPlain, toPlain } from '../../../src/go/plain.ts'
import { secretReader } from '../../../src/secrets/secret-reader.ts'
import type { Backend, SecretQuery } from '../../../src/state/secret-backends/backend.ts'
import { secretBackends } from '../../../src/state/secret-backends/table.ts'
import { expandSecretRefsDecrypting } from '../../../src/state/secret-refs.ts'
import { makeFetcher } from '../../../src/supply/fetcher.ts'
import { memoryHost } from '../../support/memory-host.ts'
import { startWebServer, type WebServer } from '../../support/web-server.ts'

type Env = Readonly<Record<string, string>>

/** What was asked: `METHOD /path?query`, who asks, and the body. */
interface Asked {
  readonly line: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

/** Undefined is a 404. The requests are those that vals 0.46 sends to the same servers. */
type Answer = (asked: Asked) => object | string | undefined

async function serve(t: TestContext, answer: Answer): Promise<WebServer> {
  return startWebServer(t, (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const found = answer({ line: `${request.method} ${request.url}`, headers: request.headers, body: Buffer.concat(parts).toString() })
      response.writeHead(found === undefined ? 404 : 200).end(typeof found === 'string' ? found : JSON.stringify(found ?? {}))
    })
  })
}

/** A value, or what the error says. */
type Case = readonly [reference: string, expected: unknown]

/** Services that can be asked by HTTP; `env` names the server. */
function describeService(name: string, answer: Answer, env: (url: string) => Env, cases: readonly Case[]): void {
  describe(name, () => {
    for (const [reference, expected] of cases) {
      test(reference, async (t) => {
        const { url } = await serve(t, answer)
        const host = memoryHost({}, { env: env(url) })
        const found = expandSecretRefsDecrypting({ host, reader: secretReader(host) }, reference.replace('@SERVER', url.slice('http://'.length)))
        if (expected instanceof RegExp) await assert.rejects(found, expected)
        else assert.deepEqual(toPlain(await found), expected)
      })
    }
  })
}

const sortedQuery = (line: string): string => {
  const [path = '', query = ''] = line.split('?')
  return `${path}?${query.split('&').sort().join('&')}`
}

describeService(
  'Doppler',
  ({ line, headers }) => {
    if (headers['authorization'] !== 'Bearer t') return undefined
    const secrets = { KEY: { raw: 'r', computed: 'c' }, DOPPLER_CONFIG: { computed: 'dev' } }
    return sortedQuery(line) === 'GET /v3/configs/config/secrets?config=dev&include_dynamic_secrets=false&project=shop' ? { secrets } : undefined
  },
  (url) => ({ DOPPLER_API_ADDR: url, DOPPLER_TOKEN: 't', DOPPLER_PROJECT: 'shop', DOPPLER_ENVIRONMENT: 'dev' }),
  [
    ['ref+doppler://shop/dev/KEY', 'c'],
    ['ref+doppler:////KEY', 'c'],
    ['ref+doppler://shop/dev/', '{"KEY":"c"}'],
    ['ref+doppler://#/KEY', 'c'],
    ['ref+doppler://?include_doppler_defaults#/DOPPLER_CONFIG', 'dev'],
    ['ref+doppler://shop/dev/GONE', /there is no secret "GONE"/],
    ['ref+doppler://shop/KEY', /invalid path "shop\/KEY"/],
    ['ref+doppler://shop/dev/KEY?token=other', /expand doppler:\/\/shop\/dev\/KEY\?token=\(secret\): Doppler answered with status 404/],
  ],
)

const [VAULT, ITEM] = ['abcdefghijklmnopqrstuvwxy1', 'abcdefghijklmnopqrstuvwxy2']
describeService(
  '1Password Connect',
  ({ line, headers }) => {
    if (headers['authorization'] !== 'Bearer t') return undefined
    const fields = [
      { id: 'username', label: 'user', value: 'me' },
      { id: 'f2', label: 'pin', value: '007', section: { id: 's1', label: 'more' } },
      { id: 'f3', label: 'none', section: { id: 's2' } },
    ]
    switch (line) {
      case 'GET /v1/vaults?filter=title%20eq%20%22shop%22':
        return [{ id: VAULT }]
      case `GET /v1/vaults/${VAULT}/items?filter=title%20eq%20%22db%22`:
        return [{ id: ITEM }]
      case `GET /v1/vaults/${VAULT}/items/${ITEM}`:
        return { id: ITEM, fields }
      default:
        return line.startsWith(`GET /v1/vaults/${VAULT}/items?`) ? [] : undefined
    }
  },
  (url) => ({ OP_CONNECT_HOST: url, OP_CONNECT_TOKEN: 't' }),
  [
    ['ref+onepasswordconnect://shop/db#/user', 'me'],
    ['ref+onepasswordconnect://shop/db#/username', 'me'],
    [`ref+onepasswordconnect://${VAULT}/${ITEM}#/more.pin`, '007'],
    ['ref+onepasswordconnect://shop/db#/s1.f2', '007'],
    ['ref+onepasswordconnect://shop/db#/s2.none', ''],
    ['ref+onepasswordconnect://shop/db#/gone', null],
    ['ref+onepasswordconnect://shop/gone#/user', /0 entries are titled "gone"/],
    ['ref+onepasswordconnect://shop#/user', /invalid path "shop"/],
  ],
)

describeService(
  'Bitwarden',
  ({ line }) => {
    if (line === 'GET /object/password/id-1') return { success: true, data: { object: 'string', data: 'p' } }
    if (line === 'GET /object/notes/id-1') return { success: true, data: { object: 'string', data: 'a: {b: 1}' } }
    return { success: false, message: 'Not found.' }
  },
  (url) => ({ BW_API_ADDR: url }),
  [
    ['ref+bw://id-1', 'p'],
    ['ref+bw://id-1/notes#/a/b', 1],
    ['ref+bw://id-2', /Bitwarden refuses: Not found\./],
    ['ref+bw://id-1/colour', /invalid path "id-1\/colour"/],
  ],
)

const CONJUR_TOKEN = '{"protected":"a"}'
describeService(
  'Conjur',
  ({ line, headers, body }) => {
    if (line === 'POST /authn/acme/host%2Fci/authenticate') return body === 'key' ? CONJUR_TOKEN : undefined
    const isKnown = headers['authorization'] === `Token token="${Buffer.from(CONJUR_TOKEN).toString('base64')}"`
    return isKnown && line === 'GET /secrets/acme/variable/shop%2Fdb' ? 'p' : undefined
  },
  (url) => ({ CONJUR_APPLIANCE_URL: url, CONJUR_ACCOUNT: 'acme', CONJUR_AUTHN_LOGIN: 'host/ci', CONJUR_AUTHN_API_KEY: 'key' }),
  [
    ['ref+conjur://shop/db', 'p'],
    ['ref+conjur://shop/gone', /Conjur answered with status 404/],
    ['ref+conjur://shop/db?apikey=wrong', /apikey=\(secret\): the login answered with status 404/],
    ['ref+conjur://shop/db#/x', /such a secret has no keys/],
  ],
)

const INFISICAL = '/api/v3/secrets/raw/KEY?environment=dev&expandSecretReferences=false&include_imports=false'
describeService(
  'Infisical',
  ({ line, headers, body }) => {
    if (line === 'POST /api/v1/auth/universal-auth/login') return body === '{"clientId":"i","clientSecret":"s"}' ? { accessToken: 't' } : undefined
    if (headers['authorization'] !== 'Bearer t') return undefined
    if (sortedQuery(line) === `GET ${INFISICAL}&secretPath=%2F&type=shared&workspaceSlug=shop`) return { secret: { secretValue: 'a: 1' } }
    if (sortedQuery(line) === `GET ${INFISICAL}&secretPath=%2Fdb&type=personal&version=3&workspaceId=7`) return { secret: { secretValue: 'old' } }
    return undefined
  },
  (url) => ({
    INFISICAL_URL: url,
    INFISICAL_AUTH_METHOD: 'UNIVERSAL_AUTH',
    INFISICAL_UNIVERSAL_AUTH_CLIENT_ID: 'i',
    INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET: 's',
  }),
  [
    ['ref+infisical://KEY?project=shop&environment=dev', 'a: 1'],
    ['ref+infisical://KEY?project=shop&environment=dev#/a', 1],
    ['ref+infisical://KEY?project_id=7&environment=dev&path=db&type=personal&version=3', 'old'],
    ['ref+infisical://KEY?environment=dev', /no project is named/],
  ],
)

test('two secrets of one server need one login; options come from variables too', async (t) => {
  const { url, log } = await serve(t, ({ line }) => (line.startsWith('POST ') ? { accessToken: 't' } : { secret: { secretValue: line } }))
  const login = { INFISICAL_AUTH_METHOD: 'OIDC_AUTH', INFISICAL_OIDC_AUTH_IDENTITY_ID: 'i', INFISICAL_AUTH_JWT: 'j' }
  const host = memoryHost({}, { env: { ...login, INFISICAL_URL: url, VALS_PROJECT: 'shop', VALS_ENVIRONMENT: 'dev' } })
  const found = await expandSecretRefsDecrypting({ host, reader: secretReader(host) }, fromPlain(['ref+infisical://ONE', 'ref+infisical://TWO']))
  const asked = 'environment=dev&secretPath=%2F&expandSecretReferences=false&include_imports=false&type=shared&workspaceSlug=shop'
  assert.deepEqual(toPlain(found), [`GET /api/v3/secrets/raw/ONE?${asked}`, `GET /api/v3/secrets/raw/TWO?${asked}`])
  assert.deepEqual(
    log.filter((line) => line.startsWith('POST')),
    ['POST /api/v1/auth/oidc-auth/login 200'],
  )
})

const SCALEWAY = '/secret-manager/v1beta1/regions/fr-par'
describeService(
  'Scaleway',
  ({ line, headers }) => {
    const isByPath = sortedQuery(line) === `GET ${SCALEWAY}/secrets-by-path/versions/latest/access?project_id=p&secret_name=db&secret_path=%2Fshop`
    const isKnown = headers['x-auth-token'] === 'k' && (isByPath || line === `GET ${SCALEWAY}/secrets/1-2/versions/latest/access`)
    return isKnown ? { data: Buffer.from('{"a": "x"}').toString('base64') } : undefined
  },
  (url) => ({ SCW_API_URL: url, SCW_REGION: 'fr-par', SCW_SECRET_KEY: 'k', SCW_PROJECT_ID: 'p' }),
  [
    ['ref+scw://1-2', '{"a": "x"}'],
    ['ref+scw:///shop/db#/a', 'x'],
    ['ref+scw://gone', /Scaleway answered with status 404/],
  ],
)

// What vals 0.46 makes of the same document.
describeService(
  'JSON by HTTP',
  ({ line }) =>
    line.startsWith('GET /json') && !line.includes('insecure')
      ? [
          { name: 'one', id: 1000000, tags: ['p', 'q'], o: { k: 'v' }, z: { a: 1, b: 2 } },
          { name: 'two', id: 2.5, nul: null },
        ]
      : undefined,
  () => ({}),
  [
    ['ref+httpjson://@SERVER/json?insecure=true#/*[1]/name', 'one'],
    ['ref+httpjson://@SERVER/json?insecure=true&page=2#///*[2]/id', '2.5'],
    ['ref+httpjson://@SERVER/json?insecure=true#///id', '1e+06'],
    ['ref+httpjson://@SERVER/json?insecure=true&floatAsInt=true#///id', '1000000'],
    ['ref+httpjson://@SERVER/json?insecure=true#///tags', 'p,q'],
    ['ref+httpjson://@SERVER/json?insecure=true#///tags/*[last()]', 'q'],
    ['ref+httpjson://@SERVER/json?insecure=true#///o', 'v'],
    ['ref+httpjson://@SERVER/json?insecure=true#///nul', '<nil>'],
    [`ref+httpjson://@SERVER/json?insecure=true#///*[name='two']/id`, '2.5'],
    ['ref+httpjson://@SERVER/json?insecure=true#///*[tags]/name', 'one'],
    ['ref+httpjson://@SERVER/json?insecure=true#///z', /no text and no list of texts/],
    ['ref+httpjson://@SERVER/json?insecure=true#///gone', /nothing in the document/],
    ['ref+httpjson://@SERVER/json?insecure=true#///id/following::a', /such an expression is not supported/],
    ['ref+httpjson://@SERVER/json?insecure=true', /no value is named/],
    ['ref+httpjson://@SERVER/gone?insecure=true#/a', /answered with status 404/],
  ],
)

const AWS_KEYS = { AWS_ACCESS_KEY_ID: 'AK', AWS_SECRET_ACCESS_KEY: 'SK', AWS_REGION: 'eu-west-1' }
const EMPTY_HASH = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
describeService(
  'KMS and S3 of AWS',
  ({ line, headers, body }) => {
    const credential = /Credential=(AK\/\d{8}\/[^,]*), SignedHeaders=([^,]*)/.exec(String(headers['authorization'])) ?? []
    if (headers['x-amz-target'] === 'TrentService.Decrypt' && credential[1]?.endsWith('/eu-west-1/kms/aws4_request')) {
      const plain =
        body === '{"CiphertextBlob":"Pj4/"}' ? 'plain' : body === '{"CiphertextBlob":"Pj4/","EncryptionContext":{"app":"shop"}}' ? 'a: 1' : ''
      return { Plaintext: Buffer.from(plain).toString('base64') }
    }
    const isSigned = credential[1]?.endsWith('/eu-central-1/s3/aws4_request') && credential[2] === 'host;x-amz-content-sha256;x-amz-date'
    if (!isSigned || headers['x-amz-content-sha256'] !== EMPTY_HASH) return undefined
    if (line === 'GET /bucket/state') return STATE
    return line === 'GET /bucket/a/%28b%29.yaml?versionId=7' ? 'x: {y: 2}' : undefined
  },
  (url) => ({ ...AWS_KEYS, AWS_ENDPOINT_URL: url }),
  [
    ['ref+awskms://Pj4_', 'plain'],
    [`ref+awskms://Pj4_?context=${encodeURIComponent('app: shop')}#/a`, 1],
    ['ref+s3://bucket/a/(b).yaml?version_id=7&region=eu-central-1#/x/y', 2],
    ['ref+s3://bucket/gone?region=eu-central-1', /AWS answered with status 404/],
    ['ref+s3://bucket', /invalid path "bucket"/],
    ['ref+tfstates3://bucket/state/output.url?region=eu-central-1', 'https://x'],
  ],
)

const STATE = JSON.stringify({
  version: 4,
  outputs: {
    url: { value: 'https://x', type: 'string' },
    list: { value: ['a', 'b'], type: ['list', 'string'] },
    map: { value: { 'a-b': { c: 1 } }, type: 'map' },
  },
  resources: [
    { mode: 'managed', type: 'vpc', name: 'main', instances: [{ attributes: { id: 'v1', tags: { Name: 'n', none: null } } }] },
    { mode: 'data', type: 'caller', name: 'me', instances: [{ attributes: { id: '42' } }] },
    { mode: 'data', type: 'terraform_remote_state', name: 'up', instances: [{ attributes: { outputs: { value: { id: 'r' }, type: 'object' } } }] },
    { module: 'module.m', mode: 'managed', type: 'sub', name: 's', instances: [0, 1].map((i) => ({ index_key: i, attributes: { id: `s${i}` } })) },
    { mode: 'managed', type: 'key', name: 'k', instances: ['a.b', 'c'].map((key) => ({ index_key: key, attributes: { id: key } })) },
  ],
})

// What tfstate-lookup finds in the same state, but for names that are not there: it gives "null" for them.
describe('Terraform states', () => {
  const cases: readonly Case[] = [
    ['output.url', 'https://x'],
    ['output.list', '["a","b"]'],
    ['output.list[1]', 'b'],
    ['output.map.a-b.c', '1'],
    ['vpc.main.id', 'v1'],
    ['vpc.main.tags', '{"Name":"n","none":null}'],
    ['vpc.main.tags.none', 'null'],
    ['data.caller.me.id', '42'],
    ['data.terraform_remote_state.up.outputs.id', 'r'],
    ['module.m.sub.s[1].id', 's1'],
    ['module.m.sub.s', '[{"id":"s0"},{"id":"s1"}]'],
    ['key.k["a.b"].id', 'a.b'],
    ['key.k', '{"a.b":{"id":"a.b"},"c":{"id":"c"}}'],
    ['vpc.mainframe.id', /there is no "vpc.mainframe.id" in the state/],
    ['vpc.main.id.more', /there is no "more" in what comes before it/],
  ]
  for (const [address, expected] of cases) {
    test(address, async () => {
      const host = memoryHost({ 'tf/state': STATE })
      const found = expandSecretRefsDecrypting({ host, reader: secretReader(host) }, `ref+tfstate://tf/state/${address}`)
      if (expected instanceof RegExp) await assert.rejects(found, expected)
      else assert.equal(await found, expected)
    })
  }

  test('of GitLab', async (t) => {
    const basic = `Basic ${Buffer.from('u:t').toString('base64')}`
    const path = '/api/v4/projects/1/terraform/state/prod'
    const { url } = await serve(t, ({ line, headers }) => (headers['authorization'] === basic && line === `GET ${path}` ? STATE : undefined))
    const host = memoryHost({}, { env: { GITLAB_USER: 'u', GITLAB_TOKEN: 't' } })
    const reference = `ref+tfstategitlab://${url.slice('http://'.length)}${path}/output.url?gitlab_scheme=http`
    assert.equal(await expandSecretRefsDecrypting({ host, reader: secretReader(host) }, reference), 'https://x')
  })
})

describe('programs', () => {
  const run = (file: string, args: readonly string[]): { code: number; stdout: string } | undefined => {
    if (file === 'security') return { code: 0, stdout: args.at(-1) === 'hex' ? '613a2031\n' : 'word\n' }
    return file === 'op' || file.endsWith('print') ? { code: args.includes('fail') ? 3 : 0, stdout: `${[file, ...args].join(' ')}  \n` } : undefined
  }
  const cases: readonly Case[] = [
    ['ref+exec://print/a/b?args=c,d', 'print a b c d'],
    ['ref+exec:///bin/print?trim=false', '/bin/print  \n'],
    ['ref+exec://print/fail', /print ended with 3/],
    ['ref+exec://gone/x', /the program "gone" is not installed/],
    ['ref+op://shop/db/password', 'op read --no-newline op://shop/db/password  \n'],
    ['ref+keychain://plain', 'word'],
    ['ref+keychain://hex#/a', 1],
  ]
  for (const [reference, expected] of cases) {
    test(reference, async () => {
      const host = memoryHost({}, { run: (file, args) => run(file, args) as { code: number; stdout: string } })
      const found = expandSecretRefsDecrypting({ host, reader: secretReader(host) }, reference)
      if (expected instanceof RegExp) await assert.rejects(found, expected)
      else assert.equal(toPlain(await found), expected)
    })
  }

  test('none runs where that is switched off', async () => {
    const host = memoryHost({}, { env: { HELMFILE_DISABLE_INSECURE_FEATURES: 'true' } })
    await assert.rejects(
      expandSecretRefsDecrypting({ host, reader: secretReader(host) }, 'ref+exec://print/x'),
      /insecure function calls are disabled/,
    )
  })
})

/** Asks `url` in place of every server; the server's name is the beginning of the path there. */
function everywhereAt(by: Omit<Backend, 'fetcher'>, url: string): Backend {
  const fetcher = makeFetcher(by.host)
  return { ...by, fetcher: { ...fetcher, fetch: (request) => fetcher.fetch({ ...request, url: request.url.replace(/^https?:\/\//, `${url}/`) }) } }
}

/** Services that are asked by HTTPS only. */
function describeSecure(name: string, answer: Answer, { env = {}, files = {} }: { env?: Env; files?: Env }, cases: readonly Case[]): void {
  describe(name, () => {
    for (const [reference, expected] of cases) {
      test(reference, async (t) => {
        const { url } = await serve(t, answer)
        const by = everywhereAt({ host: memoryHost(files, { env }), clusterData: undefined }, url)
        const [, scheme = '', path = '', options = ''] = /^ref\+([a-z0-9]+):\/\/([^?]*)\??(.*)$/.exec(reference) ?? []
        const query: SecretQuery = { path, query: new URLSearchParams(options), fragment: '', uri: reference.slice(4) }
        const found = secretBackends.get(scheme)?.text(by, query)
        if (expected instanceof RegExp) await assert.rejects(found as Promise<string>, expected)
        else assert.equal(await found, expected)
        by.fetcher.close()
      })
    }
  })
}

const azure: Answer = ({ line, headers, body }) => {
  const form = new URLSearchParams(body)
  const isLogin = line === 'POST /login.microsoftonline.com/tenant/oauth2/v2.0/token' && form.get('client_id') === 'app'
  if (isLogin && form.get('grant_type') === 'client_credentials') {
    const proof = form.get('client_secret') ?? form.get('client_assertion')
    return form.get('scope') === 'https://vault.azure.net/.default' && proof === 's' ? { access_token: 'jwt' } : undefined
  }
  const machine = 'GET /169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net&client_id=app'
  if (line === machine) return headers['metadata'] === 'true' ? { access_token: 'jwt' } : undefined
  if (headers['authorization'] !== 'Bearer jwt') return undefined
  if (line === 'GET /shop.vault.azure.net/secrets/db/?api-version=7.4') return { value: 'p' }
  return line === 'GET /vault.example.org/secrets/db/7?api-version=7.4' ? { value: 'old' } : undefined
}
const app = { AZURE_TENANT_ID: 'tenant', AZURE_CLIENT_ID: 'app' }
describeSecure('Azure, a client with a secret', azure, { env: { ...app, AZURE_CLIENT_SECRET: 's' } }, [
  ['ref+azurekeyvault://shop/db', 'p'],
  ['ref+azurekeyvault://vault.example.org/db/7', 'old'],
  ['ref+azurekeyvault://shop/gone', /Azure Key Vault answered with status 404/],
  ['ref+azurekeyvault://shop', /invalid path "shop"/],
])
describeSecure('Azure, a workload', azure, { env: { ...app, AZURE_FEDERATED_TOKEN_FILE: 'token' }, files: { token: 's\n' } }, [
  ['ref+azurekeyvault://shop/db', 'p'],
])
describeSecure('Azure, a machine', azure, { env: app }, [['ref+azurekeyvault://shop/db', 'p']])
describeSecure('Azure, a wrong secret', azure, { env: { ...app, AZURE_CLIENT_SECRET: 'wrong' } }, [
  ['ref+azurekeyvault://shop/db', /the login answered with status 404/],
])
describeSecure('Azure, nobody', azure, {}, [['ref+azurekeyvault://shop/db', /nobody is logged in to Azure/]])

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ACCOUNT = JSON.stringify({
  type: 'service_account',
  client_email: 'ci@shop',
  private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  token_uri: 'https://oauth2.googleapis.com/token',
})

function isOfAccount(assertion: string): boolean {
  const [header = '', claims = '', mark = ''] = assertion.split('.')
  const { iss, scope, aud, iat, exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Readonly<Record<string, unknown>>
  const isSigned = createVerify('RSA-SHA256').update(`${header}.${claims}`).verify(publicKey, mark, 'base64url')
  const isMeant = iss === 'ci@shop' && aud === 'https://oauth2.googleapis.com/token' && Number(exp) - Number(iat) === 3600
  return isSigned && isMeant && scope === 'https://www.googleapis.com/auth/cloud-platform'
}

const google: Answer = ({ line, headers, body }) => {
  if (line === 'POST /oauth2.googleapis.com/token') {
    const form = new URLSearchParams(body)
    const isUser = form.get('grant_type') === 'refresh_token' && form.get('refresh_token') === 'r' && form.get('client_id') === 'i'
    const isAccount = form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer' && isOfAccount(form.get('assertion') ?? '')
    return isUser || isAccount ? { access_token: 't' } : undefined
  }
  if (line === 'GET /metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token')
    return headers['metadata-flavor'] === 'Google' ? { access_token: 't' } : undefined
  if (headers['authorization'] !== 'Bearer t') return undefined
  const data = Buffer.from('p\n').toString('base64')
  if (line === 'GET /secretmanager.googleapis.com/v1/projects/shop/secrets/db/versions/latest:access') return { payload: { data } }
  if (line === 'GET /storage.googleapis.com/storage/v1/b/bucket/o/a%2Fb.yaml?alt=media&generation=7') return 'x: 1'
  if (line === 'GET /storage.googleapis.com/storage/v1/b/bucket/o/state?alt=media') return STATE
  const key = 'projects/p/locations/l/keyRings/r/cryptoKeys/k'
  return line === `POST /cloudkms.googleapis.com/v1/${key}:decrypt` && body === '{"ciphertext":"Pj4/"}' ? { plaintext: data } : undefined
}
describeSecure(
  'Google, a service account',
  google,
  { env: { GOOGLE_APPLICATION_CREDENTIALS: 'a.json', GCP_PROJECT: 'shop' }, files: { 'a.json': ACCOUNT } },
  [
    ['ref+gcpsecrets://shop/db', 'p\n'],
    ['ref+gcpsecrets://db?trim_nl=true', 'p'],
    ['ref+gcpsecrets://shop/gone', /Google answered with status 404/],
    ['ref+gcpsecrets://shop/gone?optional=true', ''],
    ['ref+gcpsecrets://shop/gone?fallback_value=f', 'f'],
    ['ref+gcs://bucket/a/b.yaml?generation=7', 'x: 1'],
    ['ref+gcs://bucket/gone', /Google answered with status 404/],
    ['ref+gkms://Pj4_?project=p&location=l&keyring=r&crypto_key=k', 'p\n'],
    ['ref+tfstategs://bucket/state/output.url', 'https://x'],
  ],
)
const USER = '{"type":"authorized_user","client_id":"i","client_secret":"s","refresh_token":"r"}'
describeSecure('Google, a user', google, { files: { '/home/.config/gcloud/application_default_credentials.json': USER } }, [
  ['ref+gcpsecrets://shop/db', 'p\n'],
])
describeSecure('Google, a machine', google, {}, [['ref+gcpsecrets://shop/db', 'p\n']])
describeSecure(
  'Google, other credentials',
  google,
  { env: { GOOGLE_APPLICATION_CREDENTIALS: 'a.json' }, files: { 'a.json': '{"type":"external_account"}' } },
  [['ref+gcpsecrets://shop/db', /credentials of type "external_account" are not supported/]],
)

const terraform: Answer = ({ line, headers }) => {
  if (headers['authorization'] !== 'Bearer t') return undefined
  if (line === 'GET /app.terraform.io/api/v2/organizations/acme/workspaces/prod') return { data: { id: 'ws-1' } }
  if (line === 'GET /archivist.terraform.io/v1/object/x') return STATE
  const found = { data: { attributes: { 'hosted-state-download-url': 'https://archivist.terraform.io/v1/object/x' } } }
  return line === 'GET /app.terraform.io/api/v2/workspaces/ws-1/current-state-version' ? found : undefined
}
describeSecure('HCP Terraform', terraform, { env: { TFE_TOKEN: 't' } }, [
  ['ref+tfstateremote://app.terraform.io/acme/prod/output.url', 'https://x'],
  ['ref+tfstateremote://app.terraform.io/acme/gone/output.url', /Terraform answered with status 404/],
  ['ref+tfstateremote://acme/prod/output.url', /invalid path "acme\/prod"/],
])
const LOGIN = '{"credentials":{"app.terraform.io":{"token":"t"}}}'
describeSecure('HCP Terraform after terraform login', terraform, { files: { '/home/.terraform.d/credentials.tfrc.json': LOGIN } }, [
  ['ref+tfstateremote://app.terraform.io/acme/prod/output.url', 'https://x'],
])
