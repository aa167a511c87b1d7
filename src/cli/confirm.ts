import { failure } from '../base/diagnostic.ts'
import type { CommandContext } from './command.ts'

/**
 * Asks where `--interactive` wants it.
 * @returns false when the answer is not yes
 * @throws DiagnosticError `cli/no-terminal` where nobody can answer
 */
export async function isConfirmed({ terminal, global }: CommandContext, question: string): Promise<boolean> {
  if (!global.interactive) return true
  const answer = await terminal.ask(`${question} [y/N]: `)
  if (answer === undefined) {
    throw failure('cli/no-terminal', '--interactive has nobody to ask: standard input is no terminal', {
      hint: 'leave --interactive (or HELMFILE_INTERACTIVE) out to go ahead without being asked',
    })
  }
  if (/^y(es)?$/i.test(answer.trim())) return true
  terminal.err('nothing was changed\n')
  return false
}
