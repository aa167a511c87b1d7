import { awsKeys } from '../../base/aws-keys.ts'
import { awsSignature } from '../../base/aws-signature.ts'
import type { Plain } from '../../go/plain.ts'
import { askServer, type Backend, jsonOf, type SecretQuery, secretFailure } from './backend.ts'

/** One call of an AWS service that speaks JSON 1.1. */
export interface AwsCall {
  /** As in host names: `ssm`. */
  readonly service: string
  /** `AmazonSSM.GetParameter` */
  readonly target: string
  readonly body: object
}

/**
 * What the service answers. Keys come from the usual variables or from the shared credentials file; `AWS_ENDPOINT_URL` names another server.
 * @throws DiagnosticError `state/secret-ref`
 */
export async function callAws(
  by: Backend,
  asking: SecretQuery,
  { service, target, body: asked }: AwsCall,
): Promise<{ readonly [key: string]: Plain | undefined }> {
  const { env } = by.host
  const { uri, query } = asking
  const region = query.get('region') || env['AWS_REGION'] || env['AWS_DEFAULT_REGION']
  if (!region) throw secretFailure(uri, 'no region is named', 'set AWS_REGION, or add ?region=…')
  if (query.get('role_arn')) throw secretFailure(uri, 'roles cannot be assumed', 'give the keys of the role')
  const keys = awsKeys(by.host, query.get('profile') ?? undefined)
  if (!keys) {
    const hint = 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as "aws configure export-credentials --format env" prints them'
    throw secretFailure(uri, 'there are no AWS keys', hint)
  }
  const url = new URL(env['AWS_ENDPOINT_URL'] || `https://${service}.${region}.amazonaws.com/`)
  const body = JSON.stringify(asked)
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }
  const secretHeaders = awsSignature(keys, { service, region, method: 'POST', url, headers, body, now: new Date(by.host.now()) })
  return jsonOf(await askServer(by, asking, 'AWS', { url: url.href, method: 'POST', headers, body, secretHeaders }), asking)
}
