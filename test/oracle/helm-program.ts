import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findHelm } from '../support/helm.ts'
import type { Answer, Oracle, Question } from './helm-engine.ts'

/** Older versions take another Kubernetes version for granted, and name themselves another way. */
const DEFAULTS = ['--kube-version', 'v1.37.0']

/** The program `helm`, started anew for each question about a chart. */
export class HelmProgram implements Oracle {
  readonly #env: NodeJS.ProcessEnv = { PATH: process.env['PATH'], HOME: mkdtempSync(join(tmpdir(), 'flotilla-oracle-home-')), TZ: 'UTC' }

  ask(question: Question): Promise<Answer> {
    if (!('args' in question)) throw new Error('the program renders charts only')
    const args = question.args.includes('--kube-version') ? question.args : [...question.args, ...DEFAULTS]
    const { status, stdout, stderr } = spawnSync(findHelm() as string, args, { cwd: question.folder, env: this.#env, encoding: 'utf8' })
    return Promise.resolve(status === 0 ? { output: stdout, warnings: stderr } : { output: stdout, error: stderr.trim() })
  }
}

/** Whether the program at hand is the version that all is compared with. */
export function isHelm43(): boolean {
  const program = findHelm()
  return program !== undefined && spawnSync(program, ['version', '--short'], { encoding: 'utf8' }).stdout.startsWith('v4.3')
}
