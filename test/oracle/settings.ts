import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { findHelm } from '../support/helm.ts'
import { HelmEngine } from './helm-engine.ts'

/** The seed of all that is random: `FLOTILLA_SEED`, or the same each time. */
export const seed: number = Number(process.env['FLOTILLA_SEED'] ?? 20_240_229)

/** `usual` times what `FLOTILLA_RUNS` says (a factor). */
export function runs(usual: number): number {
  return Math.max(1, Math.round(usual * Number(process.env['FLOTILLA_RUNS'] ?? 1)))
}

const engineProgram = process.env['FLOTILLA_HELM_ENGINE']

/** Why comparisons with Helm's engine are skipped, or false. */
export const skipWithoutEngine: string | false = engineProgram === undefined ? 'no Helm engine: npm run oracle builds it where Go is' : false

/** Why comparisons with the program `helm` are skipped, or false. */
export const skipWithoutHelm: string | false = findHelm() === undefined ? 'no Helm 4: npm run oracle gets one' : false

/** Helm's engine with an empty home for the tests of a `describe`: started when first asked for, closed behind the last of them. */
export function engineOfSuite(): () => HelmEngine {
  let helm: HelmEngine | undefined
  after(() => helm?.close())
  return () => {
    helm ??= new HelmEngine(engineProgram ?? '', mkdtempSync(join(tmpdir(), 'flotilla-oracle-home-')))
    return helm
  }
}
