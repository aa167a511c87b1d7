// Makes dist/cli of what tsc has built: the start and the threads as modules, and the program as one CommonJS file. See docs/decisions/0014.
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const outdir = 'dist/cli'
const shared = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning' }

rmSync(outdir, { recursive: true, force: true })

await build({
  ...shared,
  entryPoints: ['dist/src/cli/start.js', 'dist/src/actions/template-thread.js', 'dist/src/render/deep-thread.js'],
  format: 'esm',
  splitting: true,
  packages: 'external',
  entryNames: '[name]',
  chunkNames: '[name]-[hash]',
  outdir,
})

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
// It is needed at once, and `require` does not load it: it comes as a module only.
const external = Object.keys(dependencies).filter((name) => name !== 'p-limit')

const { outputFiles } = await build({
  ...shared,
  entryPoints: ['dist/src/cli/run-process.js'],
  format: 'cjs',
  external,
  minifyWhitespace: true,
  define: { 'import.meta.url': 'bundleUrl' },
  banner: { js: "'use strict';const bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  write: false,
})
// Code that V8 kept from an earlier run cannot import: Node 20 no longer knows whose code it is. So the start does it.
const program = outputFiles[0].text.replaceAll(/\bimport\(/g, 'importPackage(')
const digest = createHash('sha256').update(program).digest('hex').slice(0, 16)
writeFileSync(`${outdir}/run-process-${digest}.cjs`, program)
