// A real Kubernetes control plane without containers: builds it once (Go), starts etcd, kube-apiserver, controller-manager,
// scheduler and a kwok node, and says where its kubeconfig is. Ends all of it on SIGTERM or when its parent closes stdin.
//
//   node test/cluster/control-plane.mjs [--dir DIR]     prints one line of JSON when ready: {"kubeconfig": …, "server": …}
//
// Needs Go. Binaries are kept under the user's cache folder, keyed by what they are built from.
import { execFileSync, spawn } from 'node:child_process'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import https from 'node:https'
import net from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const KUBERNETES = '1.36.3'
const KWOK = 'v0.8.0'
const here = dirname(fileURLToPath(import.meta.url))
const argument = process.argv.indexOf('--dir')
const dir = argument > 0 ? process.argv[argument + 1] : mkdtempSync(join(tmpdir(), 'flotilla-cluster-'))
mkdirSync(dir, { recursive: true })

const log = (text) => process.stderr.write(`control plane: ${text}\n`)

/** The folder of built binaries; building happens in a neighbour that is renamed when complete. */
function build() {
  const sources = ['main.go', 'go.mod', 'go.sum'].map((name) => readFileSync(join(here, 'controlplane', name)))
  const goVersion = execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).trim()
  const key = createHash('sha256').update(goVersion).update(KWOK).update(Buffer.concat(sources)).digest('hex').slice(0, 16)
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'flotilla-test', `control-plane-${key}`)
  if (existsSync(cache)) return cache
  log('building it, which takes some minutes the first time')
  const temporary = `${cache}.${process.pid}`
  mkdirSync(temporary, { recursive: true })
  const version = ['gitVersion=v', 'gitMajor=', 'gitMinor='].map(
    (name, i) => `-X k8s.io/component-base/version.${name}${[KUBERNETES, ...KUBERNETES.split('.')][i]}`,
  )
  const options = { cwd: join(here, 'controlplane'), stdio: ['ignore', 'inherit', 'inherit'] }
  execFileSync('go', ['build', '-trimpath', '-ldflags', version.join(' '), '-o', join(temporary, 'controlplane'), '.'], options)
  const kwok = `sigs.k8s.io/kwok@${KWOK}`
  execFileSync('go', ['install', `sigs.k8s.io/kwok/cmd/kwok@${KWOK}`], { ...options, env: { ...process.env, GOBIN: temporary } })
  const source = JSON.parse(execFileSync('go', ['mod', 'download', '-json', kwok], { cwd: temporary, encoding: 'utf8' })).Dir
  for (const kind of ['node', 'pod']) cpSync(join(source, 'kustomize/stage', kind, 'fast'), join(temporary, 'stages', kind), { recursive: true })
  renameSync(temporary, cache)
  return cache
}

const freePort = () =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

const children = []
function start(file, name, args) {
  const out = openSync(join(dir, `${name}.log`), 'w')
  const child = spawn(file, args, { stdio: ['ignore', out, out] })
  child.on('exit', (code) => {
    if (!stopping) {
      log(`${name} ended with ${code}; its log is ${join(dir, `${name}.log`)}`)
      stop(1)
    }
  })
  children.push(child)
}

let stopping = false
function stop(code) {
  if (stopping) return
  stopping = true
  for (const child of children.reverse()) child.kill('SIGTERM')
  const hard = setTimeout(() => {
    for (const child of children) child.kill('SIGKILL')
  }, 3000)
  Promise.all(
    children.map((child) => (child.exitCode !== null || child.signalCode !== null ? undefined : new Promise((done) => child.once('exit', done)))),
  ).then(() => {
    clearTimeout(hard)
    // Where something went wrong its logs stay.
    if (argument < 0 && code === 0) rmSync(dir, { recursive: true, force: true })
    process.exit(code)
  })
}
process.on('SIGTERM', () => stop(0))
process.on('SIGINT', () => stop(0))
process.stdin.on('end', () => stop(0)).resume()

function get(url, token) {
  return new Promise((resolve) => {
    const request = https.get(url, { rejectUnauthorized: false, headers: token ? { authorization: `Bearer ${token}` } : {} }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
    })
    request.on('error', () => resolve(0))
  })
}

async function until(what, seconds, check) {
  const end = Date.now() + seconds * 1000
  while (!(await check())) {
    if (Date.now() > end) {
      log(`${what} did not happen within ${seconds} s; logs are in ${dir}`)
      stop(1)
      return
    }
    await new Promise((done) => setTimeout(done, 100))
  }
}

const bin = build()
const controlplane = join(bin, 'controlplane')
const [etcdPort, peerPort, apiPort, cmPort, schedulerPort] = await Promise.all(Array.from({ length: 5 }, freePort))
const token = createHash('sha256')
  .update(String(process.pid) + dir)
  .digest('hex')
writeFileSync(join(dir, 'tokens.csv'), `${token},admin,admin,system:masters\n`)
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
writeFileSync(join(dir, 'sa.key'), privateKey)
writeFileSync(join(dir, 'sa.pub'), publicKey)
const server = `https://127.0.0.1:${apiPort}`
const kubeconfig = join(dir, 'kubeconfig')
writeFileSync(
  kubeconfig,
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'real',
    clusters: [{ name: 'real', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'real', context: { cluster: 'real', user: 'admin' } }],
  }),
)

start(controlplane, 'etcd', [
  'etcd',
  '--data-dir',
  join(dir, 'etcd'),
  '--listen-client-urls',
  `http://127.0.0.1:${etcdPort}`,
  '--advertise-client-urls',
  `http://127.0.0.1:${etcdPort}`,
  '--listen-peer-urls',
  `http://127.0.0.1:${peerPort}`,
  '--initial-advertise-peer-urls',
  `http://127.0.0.1:${peerPort}`,
  '--initial-cluster',
  `default=http://127.0.0.1:${peerPort}`,
  '--unsafe-no-fsync',
])
start(controlplane, 'apiserver', [
  'apiserver',
  '--etcd-servers',
  `http://127.0.0.1:${etcdPort}`,
  '--bind-address',
  '127.0.0.1',
  '--advertise-address',
  '127.0.0.1',
  '--secure-port',
  String(apiPort),
  '--cert-dir',
  join(dir, 'certs'),
  '--token-auth-file',
  join(dir, 'tokens.csv'),
  '--authorization-mode',
  'RBAC',
  '--service-cluster-ip-range',
  '10.0.0.0/16',
  '--service-account-issuer',
  'https://kubernetes.default.svc',
  '--service-account-key-file',
  join(dir, 'sa.pub'),
  '--service-account-signing-key-file',
  join(dir, 'sa.key'),
  '--disable-admission-plugins',
  'ServiceAccount',
  '--endpoint-reconciler-type',
  'none',
])
await until('the API server', 60, async () => (await get(`${server}/readyz`, token)) === 200)
start(controlplane, 'controller-manager', [
  'controller-manager',
  '--kubeconfig',
  kubeconfig,
  '--secure-port',
  String(cmPort),
  '--bind-address',
  '127.0.0.1',
  '--cert-dir',
  join(dir, 'certs-cm'),
  '--use-service-account-credentials=false',
  '--leader-elect=false',
  // A machine under load is slow to say that its one node is well; the pods on it shall not suffer from that.
  '--node-monitor-grace-period=1h',
  '--service-account-private-key-file',
  join(dir, 'sa.key'),
])
writeFileSync(
  join(dir, 'scheduler.yaml'),
  JSON.stringify({
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    leaderElection: { leaderElect: false },
    clientConnection: { kubeconfig },
  }),
)
start(controlplane, 'scheduler', [
  'scheduler',
  '--config',
  join(dir, 'scheduler.yaml'),
  '--secure-port',
  String(schedulerPort),
  '--bind-address',
  '127.0.0.1',
  '--cert-dir',
  join(dir, 'certs-s'),
])
const stages = ['node', 'pod'].flatMap((kind) => ['--config', join(bin, 'stages', kind)])
start(join(bin, 'kwok'), 'kwok', [
  '--kubeconfig',
  kubeconfig,
  '--manage-all-nodes',
  '--server-address',
  '',
  ...stages,
  '--config',
  join(here, 'controlplane/stages/pod-fails.yaml'),
])

function post(path, body) {
  return new Promise((resolve, reject) => {
    const request = https.request(
      `${server}${path}`,
      { method: 'POST', rejectUnauthorized: false, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } },
      (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode))
      },
    )
    request.on('error', reject)
    request.end(JSON.stringify(body))
  })
}
await post('/api/v1/nodes', {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-1', annotations: { 'kwok.x-k8s.io/node': 'fake' } },
  status: { allocatable: { cpu: '64', memory: '256Gi', pods: '500' }, capacity: { cpu: '64', memory: '256Gi', pods: '500' } },
})
await until('the default namespace', 60, async () => (await get(`${server}/api/v1/namespaces/default`, token)) === 200)
process.stdout.write(`${JSON.stringify({ kubeconfig, server, token, pids: children.map((child) => child.pid) })}\n`)
