import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { describe, type TestContext, test } from 'node:test'
import { awsSignature } from '../../../src/base/aws-signature.ts'
import { toPlain } from '../../../src/go/plain.ts'
import { secretReader } from '../../../src/secrets/secret-reader.ts'
import type { ClusterDataQuery, ReadClusterData } from '../../../src/state/cluster-data.ts'
import { loadState } from '../../../src/state/load-state.ts'
import { secretBackends } from '../../../src/state/secret-backends/table.ts'
import { expandSecretRefsDecrypting, remoteSchemes } from '../../../src/state/secret-refs.ts'
import type { Release, StateFile } from '../../../src/state/state.ts'
import { mergeLayers } from '../../../src/values/merge-layers.ts'
import { memoryHost } from '../../support/memory-host.ts'
import { startWebServer, type WebServer } from '../../support/web-server.ts'

type Env = Readonly<Record<string, string>>

/** What a server answers to a request with this body; undefined is a 404. */
type Answer = (request: IncomingMessage, body: string) => object | undefined

async function serve(t: TestContext, answer: Answer): Promise<WebServer> {
  return startWebServer(t, (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const found = answer(request, Buffer.concat(parts).toString())
      response.writeHead(found ? 200 : 404).end(JSON.stringify(found ?? { errors: [] }))
    })
  })
}

async function expand(reference: string, env: Env, files: Readonly<Record<string, string>> = {}, clusterData?: ReadClusterData): Promise<unknown> {
  const host = memoryHost(files, { env })
  return toPlain(await expandSecretRefsDecrypting({ host, reader: secretReader(host), clusterData }, reference))
}

/** A server with a secret in each version of the key-value engine. */
const vault: Answer = ({ url = '', headers, method }, body) => {
  if (url === '/v1/auth/approle/login' && method === 'PUT')
    return body === '{"role_id":"r","secret_id":"s"}' ? { auth: { client_token: 'made' } } : undefined
  if (url === '/v1/auth/userpass/login/me' && method === 'PUT') return body === '{"password":"p"}' ? { auth: { client_token: 'made' } } : undefined
  if (headers['x-vault-token'] !== 'made') return undefined
  if (url.startsWith('/v1/sys/internal/ui/mounts/kv/')) return { data: { path: 'kv/', options: { version: '2' } } }
  if (url.startsWith('/v1/sys/internal/ui/mounts/old/')) return { data: { path: 'old/', options: null } }
  if (url === '/v1/kv/data/app/db') return { data: { data: { user: 'me', port: 5432, coded: 'aGVsbG8=' }, metadata: {} } }
  if (url === '/v1/kv/data/app/db?version=1') return { data: { data: { user: 'first' }, metadata: {} } }
  if (url === '/v1/old/app') return { data: { user: 'old' } }
  return undefined
}

describe('vault', () => {
  const cases: readonly (readonly [string, string, Env, unknown])[] = [
    ['a key of a secret', 'ref+vault://kv/app/db#/user', { VAULT_TOKEN: 'made' }, 'me'],
    ['a number stays one', 'ref+vault://kv/app/db#/port', { VAULT_TOKEN: 'made' }, 5432],
    ['a key as the last part of the path', 'ref+vault://kv/app/db/user', { VAULT_TOKEN: 'made' }, 'me'],
    ['decoded', 'ref+vault://kv/app/db/coded?decode=base64', { VAULT_TOKEN: 'made' }, 'hello'],
    ['an earlier version', 'ref+vault://kv/app/db?version=1#/user', { VAULT_TOKEN: 'made' }, 'first'],
    ['the first engine', 'ref+vault://old/app#/user', { VAULT_TOKEN: 'made' }, 'old'],
    ['a token of another variable', 'ref+vault://kv/app/db?token_env=MINE#/user', { MINE: 'made' }, 'me'],
    ['a token of a file', 'ref+vault://kv/app/db?token_file=token#/user', {}, 'me'],
    ['approle', 'ref+vault://kv/app/db?auth_method=approle&role_id=r#/user', { VAULT_SECRET_ID: 's' }, 'me'],
    ['userpass', 'ref+vault://kv/app/db#/user', { VAULT_AUTH_METHOD: 'userpass', VAULT_USERNAME: 'me', VAULT_PASSWORD_ENV: 'P', P: 'p' }, 'me'],
  ]
  for (const [name, reference, env, expected] of cases) {
    test(name, async (t) => {
      const { url } = await serve(t, vault)
      assert.deepEqual(await expand(reference, { ...env, VAULT_ADDR: url }, { token: 'made\n' }), expected)
    })
  }

  test('a server named in the reference, and OpenBao with its own variables', async (t) => {
    const { url } = await serve(t, vault)
    assert.equal(await expand(`ref+vault://kv/app/db?address=${url}#/user`, { VAULT_TOKEN: 'made' }), 'me')
    assert.equal(await expand('ref+openbao://kv/app/db#/user', { BAO_ADDR: url, BAO_TOKEN: 'made' }), 'me')
  })

  const failures: readonly (readonly [string, string, Env, RegExp])[] = [
    ['no token', 'ref+vault://kv/app/db#/user', {}, /there is no token.*\[state\/secret-ref\]/s],
    ['a wrong token', 'ref+vault://kv/app/gone#/user', { VAULT_TOKEN: 'made' }, /Vault answered with status 404/],
    ['a key that is not there', 'ref+vault://kv/app/db/gone', { VAULT_TOKEN: 'made' }, /there is no key "gone"/],
    ['a wrong password', 'ref+vault://kv/a/b?auth_method=approle#/c', {}, /the login answered with status 404/],
  ]
  for (const [name, reference, env, pattern] of failures) {
    test(name, async (t) => {
      const { url } = await serve(t, vault)
      await assert.rejects(expand(reference, { ...env, VAULT_ADDR: url }), pattern)
    })
  }

  test('each secret is asked for once, and templates get it too', async (t) => {
    const { url, log } = await serve(t, vault)
    const files = {
      'helmfile.yaml.gotmpl': `values: [v.yaml.gotmpl]\n---\nreleases:\n- name: {{ fetchSecretValue "ref+vault://kv/app/db/user" }}\n  chart: r/x\n  labels: {is: '{{\`{{ .Values.user }}\`}}'}\n  values: [own.yaml.gotmpl, {again: ref+vault://kv/app/db/user}]\n`,
      'v.yaml.gotmpl': 'user: {{ fetchSecretValue "ref+vault://kv/app/db/user" }}\n',
      'own.yaml.gotmpl': '{{ (dict "port" "ref+vault://kv/app/db#/port") | expandSecretRefs | toYaml }}',
    }
    const told: string[] = []
    const state = await loadState(memoryHost(files, { env: { VAULT_ADDR: url, VAULT_TOKEN: 'made' } }), {
      onSecrets: (values) => void told.push(...values),
    })
    const release = (state.files[0] as StateFile).selected[0] as Release
    assert.equal(release.name, 'me')
    assert.equal(release.labels['is'], 'me')
    assert.deepEqual(toPlain(mergeLayers(await release.layers()).tree), { port: 5432, again: 'me' })
    assert.ok(told.includes('me') && told.includes('5432'))
    assert.deepEqual(log.filter((line) => line.includes('/data/')).length, 2)
  })
})

describe('gitlab', () => {
  const gitlab: Answer = ({ url, headers }) => {
    if (headers['private-token'] !== 't') return undefined
    if (url === '/api/v4/projects/7/variables/KEY') return { value: 'of the project' }
    return url === '/api/v4/groups/a%2Fb/variables/MAP' ? { value: 'a: {b: 1}' } : undefined
  }
  const cases: readonly (readonly [string, unknown])[] = [
    ['7/KEY?scheme=http', 'of the project'],
    ['projects/7/KEY?scheme=http', 'of the project'],
    ['groups/a%2Fb/MAP?scheme=http#/a/b', /invalid key format/],
    ['groups/a/KEY?scheme=http', /GitLab answered with status 404/],
  ]
  for (const [path, expected] of cases) {
    test(path, async (t) => {
      const { url } = await serve(t, gitlab)
      const found = expand(`ref+gitlab://${url.slice('http://'.length)}/${path}`, { GITLAB_TOKEN: 't' })
      if (expected instanceof RegExp) await assert.rejects(found, expected)
      else assert.equal(await found, expected)
    })
  }
})

describe('AWS', () => {
  const aws: Answer = ({ headers }, body) => {
    if (!/^AWS4-HMAC-SHA256 Credential=AK\/\d{8}\/eu-west-1\/(ssm|secretsmanager)\/aws4_request, SignedHeaders=/.test(headers.authorization ?? ''))
      return undefined
    const asked = JSON.parse(body) as Readonly<Record<string, unknown>>
    switch (headers['x-amz-target']) {
      case 'secretsmanager.GetSecretValue':
        return asked['SecretId'] === 'app/db' ? { SecretString: asked['VersionStage'] === 'OLD' ? 'old' : '{"user": "me"}' } : undefined
      case 'AmazonSSM.GetParameter':
        return asked['Name'] === '/app/key' ? { Parameter: { Value: 'one' } } : undefined
      case 'AmazonSSM.GetParametersByPath':
        return asked['NextToken']
          ? { Parameters: [{ Name: '/app/b', Value: '2' }] }
          : { Parameters: [{ Name: '/app/a', Value: '1' }], NextToken: 'more' }
      default:
        return undefined
    }
  }
  const keys = { AWS_ACCESS_KEY_ID: 'AK', AWS_SECRET_ACCESS_KEY: 'SK', AWS_REGION: 'eu-west-1' }
  const stored = { AWS_REGION: 'eu-west-1', AWS_SHARED_CREDENTIALS_FILE: 'aws' }
  const cases: readonly (readonly [string, string, Env, unknown])[] = [
    ['a secret', 'ref+awssecrets://app/db', keys, '{"user": "me"}'],
    ['a key of a secret', 'ref+awssecrets://app/db#/user', keys, 'me'],
    ['a stage of a secret', 'ref+awssecrets://app/db?version_stage=OLD', keys, 'old'],
    ['a parameter', 'ref+awsssm://app/key', keys, 'one'],
    ['parameters below a path', 'ref+awsssm://app#/b', keys, '2'],
    ['keys of a file', 'ref+awsssm://app/key', stored, 'one'],
    ['keys of a profile', 'ref+awsssm://app/key?profile=none', stored, /there are no AWS keys/],
    ['no region', 'ref+awsssm://app/key', {}, /no region is named/],
    ['a secret that is not there', 'ref+awssecrets://gone', keys, /AWS answered with status 404/],
  ]
  for (const [name, reference, env, expected] of cases) {
    test(name, async (t) => {
      const { url } = await serve(t, aws)
      const files = { aws: '[default]\naws_access_key_id = AK\naws_secret_access_key=SK\n' }
      const found = expand(reference, { ...env, AWS_ENDPOINT_URL: url }, files)
      if (expected instanceof RegExp) await assert.rejects(found, expected)
      else assert.deepEqual(await found, expected)
    })
  }

  // The expected signature is what botocore 1.43.11 makes of the same request.
  test('requests are signed as AWS signs them', () => {
    const signed = awsSignature(
      { id: 'AKIDEXAMPLE', key: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY', session: undefined },
      {
        region: 'us-east-1',
        service: 'ssm',
        method: 'POST',
        url: new URL('https://ssm.us-east-1.amazonaws.com'),
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AmazonSSM.GetParameter' },
        body: '{"Name":"/a"}',
        now: new Date('2015-08-30T12:36:00Z'),
      },
    )
    assert.equal(signed['x-amz-date'], '20150830T123600Z')
    assert.equal(
      signed['authorization'],
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/ssm/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=7cc1edaad1d66b40286efef4f68b3cff3d3b77d8eff53094b5d9d7abe1e3777f',
    )
  })
})

test('every server that references may name is in the table', () => assert.deepEqual([...secretBackends.keys()], remoteSchemes))

describe('k8s', () => {
  const data: ReadClusterData = async ({ kind, namespace, name }) =>
    kind === 'Secret' && namespace === 'shop' && name === 'db'
      ? new Map([
          ['user', 'me'],
          ['pin', '007'],
        ])
      : undefined

  const cases: readonly (readonly [string, string, unknown])[] = [
    ['a key of the path', 'ref+k8s://v1/Secret/shop/db/user', 'me'],
    ['a key behind the path', 'ref+k8s://v1/Secret/shop/db#/user', 'me'],
    ['digits stay a text', 'ref+k8s://v1/Secret/shop/db/pin', '007'],
    ['all keys', 'ref+k8s://v1/Secret/shop/db', '{"pin":"007","user":"me"}'],
    ['a missing key behind the path is null', 'ref+k8s://v1/Secret/shop/db#/gone', null],
  ]
  for (const [name, reference, expected] of cases) test(name, async () => assert.deepEqual(await expand(reference, {}, {}, data), expected))

  const failures: readonly (readonly [string, string, RegExp])[] = [
    ['a missing key of the path', 'ref+k8s://v1/Secret/shop/db/gone', /there is no key "gone" in Secret\/shop\/db/],
    ['an object that is not there', 'ref+k8s://v1/ConfigMap/shop/db/user', /there is no ConfigMap shop\/db/],
    ['another kind', 'ref+k8s://v1/Pod/shop/db/user', /invalid path "v1\/Pod\/shop\/db\/user"/],
    ['another version', 'ref+k8s://v2/Secret/shop/db/user', /invalid path/],
    ['a path that is too long', 'ref+k8s://v1/Secret/shop/db/user/more', /invalid path/],
  ]
  for (const [name, reference, pattern] of failures) test(name, () => assert.rejects(expand(reference, {}, {}, data), pattern))

  test('nobody who can ask a cluster', () => assert.rejects(expand('ref+k8s://v1/Secret/shop/db/user', {}), /no cluster can be asked here/))

  test('what the reference says of the cluster', async () => {
    const asked: ClusterDataQuery[] = []
    const note: ReadClusterData = async (query) => {
      asked.push(query)
      return new Map([['user', 'me']])
    }
    await expand('ref+k8s://v1/Secret/shop/db/user?kubeConfigPath=other&kubeContext=prod', {}, {}, note)
    await expand('ref+k8s://v1/Secret/shop/db/user?inCluster', {}, {}, note)
    const object = { kind: 'Secret', namespace: 'shop', name: 'db' }
    assert.deepEqual(asked, [
      { ...object, kubeconfig: 'other', kubeContext: 'prod' },
      { ...object, inCluster: true },
    ])
  })
})
