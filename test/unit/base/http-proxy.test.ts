import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nodeHost } from '../../../src/base/host-node.ts'
import { proxyFor } from '../../../src/base/http-proxy.ts'

test('which servers NO_PROXY exempts', () => {
  const cases: readonly [list: string, server: string, exempt: boolean][] = [
    ['', 'https://api.example', false],
    ['*', 'https://api.example', true],
    ['example', 'https://api.example', true],
    ['api.example', 'https://api.example', true],
    ['.example', 'https://api.example', true],
    ['.example', 'https://example', false],
    ['*.example', 'https://api.example', true],
    ['ample', 'https://api.example', false],
    ['api.example:6443', 'https://api.example:6443', true],
    ['api.example:6443', 'https://api.example', false],
    ['api.example:443', 'https://api.example', true],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['fd00::/8', 'https://[fd00::1]', true],
    ['a, API.example ,b', 'https://api.example', true],
    ['', 'https://localhost:6443', true],
    ['', 'https://127.0.0.1:6443', true],
    ['10.0.0.0/99,x/8', 'https://10.1.2.3', false],
  ]
  for (const [list, server, exempt] of cases) {
    const host = nodeHost({ env: { https_proxy: 'proxy:3128', NO_PROXY: list } })
    assert.equal(proxyFor(host, new URL(server))?.href, exempt ? undefined : 'http://proxy:3128/', `${list} ${server}`)
  }
})

test('the kubeconfig names the proxy before the environment does', () => {
  const host = nodeHost({ env: { HTTPS_PROXY: 'http://environment', NO_PROXY: '*' } })
  assert.equal(proxyFor(host, new URL('https://api'), 'http://kubeconfig:1')?.href, 'http://kubeconfig:1/')
  assert.throws(() => proxyFor(host, new URL('https://api'), 'socks5://x'), /proxies of the kind "socks5:\/\/" are not supported/)
})
