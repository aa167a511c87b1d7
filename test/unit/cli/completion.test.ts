import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, test } from 'node:test'
import { runFlotilla } from '../../support/command-line.ts'

const hasBash = spawnSync('bash', ['--version']).status === 0
const skip = hasBash ? false : 'there is no bash here'

async function scriptFor(shell: string): Promise<string> {
  const { stdout, exit } = await runFlotilla(['completion', shell], { cwd: '/', env: {} })
  assert.equal(exit, 0)
  return stdout
}

/** What bash offers after `line`, whose last word is being typed. */
function offered(script: string, line: string): readonly string[] {
  const words = line.split(' ')
  const program = `${script}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}
_flotilla
printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', program], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  return stdout.split('\n').filter(Boolean)
}

describe('completion', () => {
  const lines: readonly (readonly [string, readonly string[]])[] = [
    ['flotilla dest', ['destroy']],
    ['flotilla ch', ['chart']],
    ['flotilla chart p', ['package', 'pull', 'push']],
    ['flotilla values e', ['explain']],
    ['flotilla --kube-con', ['--kube-context']],
    ['flotilla diff --detailed', ['--detailed-exitcode']],
    ['flotilla -e staging diff --detailed', ['--detailed-exitcode']],
    ['flotilla --environment staging diff --kube-con', ['--kube-context']],
    ['flotilla chart template web --set-l', ['--set-literal']],
    ['flotilla diff --output ', ['github', 'gitlab', 'json', 'junit', 'text']],
    ['flotilla apply --server-side a', ['auto']],
    ['flotilla completion z', ['zsh']],
    ['flotilla list --cascade', []],
  ]
  for (const [line, expected] of lines) {
    test(`bash offers ${expected.join(', ') || 'nothing'} after "${line}"`, { skip }, async () => {
      assert.deepEqual([...offered(await scriptFor('bash'), line)].sort(), [...expected].sort())
    })
  }

  test('the bash script is sound', { skip }, async () => {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: await scriptFor('bash'), encoding: 'utf8' })
    assert.equal(`${status}${stderr}`, '0')
  })

  test('fish offers members of a group only after its name, and the choices of options', async () => {
    const script = await scriptFor('fish')
    assert.match(script, /-n "__fish_seen_subcommand_from values; and not __fish_seen_subcommand_from explain" -f -a explain/)
    assert.match(script, /__fish_seen_subcommand_from apply" -l server-side -r -f -a "true false auto"/)
  })

  test('zsh uses the same words', async () => {
    assert.match(await scriptFor('zsh'), /^#compdef flotilla\n[\s\S]*bashcompinit[\s\S]*"destroy"\) /)
  })
})
