import { askServer, loggedIn, type SecretBackend, secretFailure, textBackend } from './backend.ts'

/**
 * Variables of CyberArk Conjur, by their path; who asks is named by `CONJUR_APPLIANCE_URL`, `CONJUR_ACCOUNT`, `CONJUR_AUTHN_LOGIN`
 * and `CONJUR_AUTHN_API_KEY`.
 * Source: vals 0.46 pkg/providers/conjur, cyberark/conjur-api-go
 */
export const conjurBackend: SecretBackend = textBackend(async (by, query) => {
  const setting = (option: string, variable: string): string => {
    const value = query.query.get(option) || by.host.env[variable]
    if (!value) throw secretFailure(query.uri, `the variable ${variable} is not set`, `set ${variable}, or add ?${option}=…`)
    return value
  }
  const address = setting('address', 'CONJUR_APPLIANCE_URL').replace(/\/$/, '')
  const account = setting('account', 'CONJUR_ACCOUNT')
  const login = encodeURIComponent(setting('login', 'CONJUR_AUTHN_LOGIN'))
  const url = `${address}/authn/${account}/${login}/authenticate`
  const key = setting('apikey', 'CONJUR_AUTHN_API_KEY')
  const token = await loggedIn(by, url, async () => {
    const answer = await askServer(by, query, 'the login', { url, method: 'POST', headers: { 'content-type': 'text/plain' }, body: key })
    return answer.body.toString('base64')
  })
  const secret = `${address}/secrets/${account}/variable/${encodeURIComponent(query.path)}`
  const { body } = await askServer(by, query, 'Conjur', { url: secret, authorization: `Token token="${token}"` })
  return body.toString('utf8')
})
