import { type DiagnosticError, failure } from '../base/diagnostic.ts'
import type { ExchangeError } from '../base/http-exchange.ts'
import type { Access } from './access.ts'

const CERTIFICATE_CODES = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** The `kube/unreachable` error for a server that gave no answer: who was asked, why it failed, after how many attempts. */
export function unreachable(access: Access, error: ExchangeError, attempts: number): DiagnosticError {
  const server = access.cluster.server
  const context = access.contextName === undefined ? [] : [{ text: `the server of context "${access.contextName}"` }]
  const tries = attempts > 1 ? [{ text: `tried ${attempts} times` }] : []
  return failure('kube/unreachable', `the Kubernetes server ${server} cannot be reached: ${reason(error)}`, {
    notes: [...context, ...tries],
    hint: hintFor(error.code),
    cause: error,
  })
}

function reason(error: ExchangeError): string {
  if (error.code === 'ECONNREFUSED') return 'connection refused'
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN') return 'its name cannot be resolved'
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return 'the connection broke off'
  return error.message
}

function hintFor(code: string): string {
  if (CERTIFICATE_CODES.has(code)) return 'check certificate-authority-data and tls-server-name of the cluster in the kubeconfig'
  return 'check that the cluster runs and that the kubeconfig context names the right one'
}
