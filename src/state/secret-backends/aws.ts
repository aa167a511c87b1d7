import { type Plain, toPlain } from '../../go/plain.ts'
import type { GoMap } from '../../go/values.ts'
import { callAws, readAwsObject } from './aws-request.ts'
import { type Backend, mapOfText, type SecretBackend, type SecretQuery, secretFailure, textOfJson, yamlBackend } from './backend.ts'

/** Secrets of AWS Secrets Manager, by name or ARN. Source: vals 0.46 pkg/providers/awssecrets */
export const awsSecretsBackend: SecretBackend = yamlBackend(secretText)

/** Objects of S3: `BUCKET/KEY`. Source: vals 0.46 pkg/providers/s3 */
export const awsObjectsBackend: SecretBackend = yamlBackend(readAwsObject)

const ALGORITHMS: readonly string[] = ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256']

/** What AWS KMS decrypts: base64 for URLs, with `key`, `alg` and `context` as options. Source: vals 0.46 pkg/providers/awskms */
export const awsKmsBackend: SecretBackend = yamlBackend(async (by, query) => {
  const [key, algorithm, context] = ['key', 'alg', 'context'].map((name) => query.query.get(name))
  const body = {
    CiphertextBlob: Buffer.from(query.path, 'base64url').toString('base64'),
    ...(key && { KeyId: key }),
    ...(algorithm && { EncryptionAlgorithm: ALGORITHMS.includes(algorithm) ? algorithm : 'SYMMETRIC_DEFAULT' }),
    ...(context && { EncryptionContext: textsOf(mapOfText(context, query)) }),
  }
  const { Plaintext: plain } = await callAws(by, query, { service: 'kms', target: 'TrentService.Decrypt', body })
  return typeof plain === 'string' ? Buffer.from(plain, 'base64').toString('utf8') : ''
})

async function secretText(by: Backend, query: SecretQuery): Promise<string> {
  const stage = query.query.get('version_stage')
  const version = query.query.get('version_id')
  const body = { SecretId: query.path, ...(stage && { VersionStage: stage }), ...(version && { VersionId: version }) }
  const answer = await callAws(by, query, { service: 'secretsmanager', target: 'secretsmanager.GetSecretValue', body })
  if (typeof answer['SecretString'] === 'string') return answer['SecretString']
  if (typeof answer['SecretBinary'] === 'string') return Buffer.from(answer['SecretBinary'], 'base64').toString('utf8')
  throw secretFailure(query.uri, 'the secret has no value')
}

function textsOf(map: GoMap): Readonly<Record<string, string>> {
  return Object.fromEntries([...map].map(([key, value]) => [key, value === null ? '' : textOfJson(toPlain(value))]))
}

/**
 * Parameters of the AWS SSM Parameter Store; with `#/key` all below the path, or with `mode=singleparam` one that holds YAML.
 * Source: vals 0.46 pkg/providers/ssm
 */
export const awsParametersBackend: SecretBackend = {
  text: parameterText,
  map: async (by, query) =>
    query.query.get('mode') === 'singleparam' ? mapOfText(await parameterText(by, query), query) : parametersBelow(by, query),
}

function named(path: string): string {
  return path.startsWith('/') ? path : `/${path}`
}

async function parameterText(by: Backend, query: SecretQuery): Promise<string> {
  const version = query.query.get('version')
  const body = { Name: `${named(query.path)}${version ? `:${version}` : ''}`, WithDecryption: true }
  const answer = await callAws(by, query, { service: 'ssm', target: 'AmazonSSM.GetParameter', body })
  const value = (answer['Parameter'] as { readonly [key: string]: Plain } | undefined)?.['Value']
  if (typeof value === 'string') return value
  throw secretFailure(query.uri, 'the parameter has no value')
}

async function parametersBelow(by: Backend, query: SecretQuery): Promise<GoMap> {
  const path = named(query.path)
  const recursive = query.query.get('recursive') === 'true'
  const found: GoMap = new Map()
  let token: Plain | undefined
  do {
    const body = { Path: path, WithDecryption: true, Recursive: recursive, ...(token ? { NextToken: token } : {}) }
    const answer = await callAws(by, query, { service: 'ssm', target: 'AmazonSSM.GetParametersByPath', body })
    for (const parameter of (answer['Parameters'] ?? []) as readonly { readonly [key: string]: Plain }[]) {
      const keys = String(parameter['Name']).slice(path.length).replace(/^\//, '').split('/')
      put(found, keys, String(parameter['Value']))
    }
    token = answer['NextToken']
  } while (token)
  if (found.size === 0) throw secretFailure(query.uri, `there is no parameter below ${path}`)
  return found
}

function put(map: GoMap, keys: readonly string[], value: string): void {
  const [first = '', ...rest] = keys
  if (rest.length === 0) {
    map.set(first, value)
    return
  }
  const below = map.get(first)
  const inner: GoMap = below instanceof Map ? below : new Map()
  map.set(first, inner)
  put(inner, rest, value)
}
