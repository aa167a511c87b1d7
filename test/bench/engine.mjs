// Loads and renders charts (one folder per line of standard input) under their default values, in one process and one thread; prints
// one line of JSON: milliseconds per chart to load, to render first and to render again, by the clock and of processor time.
//   node test/bench/engine.mjs ROUNDS < folders        FLOTILLA_BUILD names another build than dist/
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const build = process.env.FLOTILLA_BUILD ?? join(dirname(fileURLToPath(import.meta.url)), '../../dist')
const use = (file) => import(pathToFileURL(join(build, 'src', file)).href)
const [{ nodeHost }, { loadChart }, { offlineCapabilities }, { prepareChart }, { renderTemplates }] = await Promise.all(
  ['base/host-node.js', 'chart/load-chart.js', 'render/capabilities.js', 'render/render-chart.js', 'render/render-templates.js'].map(use),
)
const rounds = Number(process.argv[2])
const folders = readFileSync(0, 'utf8')
  .split('\n')
  .filter((line) => line !== '')

const host = nodeHost()
const release = { name: 'rel-name', namespace: 'ns-test', isUpgrade: false, revision: 1 }
const options = { host, release, capabilities: offlineCapabilities(), skipSchemaValidation: true }

/** As far as Helm's engine goes: neither schemas nor the order of objects. Gives the number of characters. */
function render(chart) {
  const prepared = prepareChart(chart, new Map(), options)
  return [...renderTemplates(prepared.chart, prepared.values, options).values()].reduce((sum, text) => sum + text.length, 0)
}

const now = () => ({ wall: performance.now(), cpu: process.cpuUsage() })
const cpuMs = ({ user, system }) => (user + system) / 1000

const start = now()
const charts = []
for (const folder of folders) charts.push(await loadChart(host, folder))
const loaded = now()
let bytes = 0
for (const chart of charts) bytes += render(chart)
const first = now()
for (let i = 0; i < rounds; i++) for (const chart of charts) render(chart)
const end = now()

const per = (from, to, times) => {
  const n = charts.length * times
  return { wall: (to.wall - from.wall) / n, cpu: (cpuMs(to.cpu) - cpuMs(from.cpu)) / n }
}
const memory = process.resourceUsage().maxRSS / 1024
console.log(
  JSON.stringify({ charts: charts.length, bytes, load: per(start, loaded, 1), first: per(loaded, first, 1), warm: per(first, end, rounds), memory }),
)
