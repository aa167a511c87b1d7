import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { nodeHost } from '../../../src/base/host-node.ts'
import { ageIdentities, type FoundIdentities } from '../../../src/secrets/age-identities.ts'
import { splitWords } from '../../../src/secrets/split-words.ts'

const home = mkdtempSync(join(tmpdir(), 'flotilla-identities-'))
after(() => rmSync(home, { recursive: true, force: true }))

// The search does not care whether a key is a good one.
const A = 'AGE-SECRET-KEY-1AAAA'
const B = 'AGE-SECRET-KEY-1BBBB'
const C = 'AGE-SECRET-KEY-1CCCC'

mkdirSync(join(home, 'config/sops/age'), { recursive: true })
writeFileSync(join(home, 'config/sops/age/keys.txt'), `# default\n\n${C}\n`)
writeFileSync(join(home, 'keys'), `# file\n${B}\n`)
writeFileSync(join(home, 'bad'), 'ssh-something\n')
writeFileSync(join(home, 'sealed'), 'age-encryption.org/v1\n')

function search(env: Readonly<Record<string, string>>): Promise<FoundIdentities> {
  return ageIdentities(nodeHost({ cwd: home, env: { HOME: home, PATH: process.env['PATH'], ...env } }))('age1recipient')
}

// Variables, keys found in order, what the problems say.
const searches: readonly (readonly [Readonly<Record<string, string>>, readonly string[], RegExp?])[] = [
  [{}, []],
  [{ SOPS_AGE_KEY: `${A} ${B}\n# no\n${C}` }, [A, B, C]],
  [{ SOPS_AGE_KEY_FILE: 'keys' }, [B]],
  [{ SOPS_AGE_KEY_FILE: 'missing' }, [], /SOPS_AGE_KEY_FILE names missing, which does not exist/],
  [{ SOPS_AGE_KEY_FILE: 'bad' }, [], /bad \(SOPS_AGE_KEY_FILE\) holds a line that is no age key/],
  [{ SOPS_AGE_KEY_FILE: 'sealed' }, [], /encrypted with a passphrase/],
  [{ XDG_CONFIG_HOME: join(home, 'config') }, [C]],
  [{ SOPS_AGE_KEY: A, SOPS_AGE_KEY_FILE: 'keys', XDG_CONFIG_HOME: join(home, 'config') }, [A, B, C]],
  [{ SOPS_AGE_KEY_CMD: `echo '${A}'` }, [A]],
  [{ SOPS_AGE_KEY_CMD: 'sh -c "test $SOPS_AGE_RECIPIENT = age1recipient && cat keys"' }, [B]],
  [{ SOPS_AGE_KEY_CMD: 'false' }, [], /SOPS_AGE_KEY_CMD failed with exit code 1/],
  [{ SOPS_AGE_KEY_CMD: 'no-such-program-here x' }, [], /names no-such-program-here, which does not exist/],
  [{ SOPS_AGE_KEY_CMD: 'echo "open' }, [], /is no command/],
]

test('keys are found where sops finds them', async () => {
  for (const [env, secrets, problem] of searches) {
    const found = await search(env)
    assert.deepEqual(
      found.identities.map(({ secret }) => secret),
      secrets,
      JSON.stringify(Object.keys(env)),
    )
    if (problem) assert.match(found.problems.join('; '), problem)
    else assert.deepEqual(found.problems, [])
  }
})

test('places without keys are named', async () => {
  assert.deepEqual((await search({})).unused, ['SOPS_AGE_KEY', 'SOPS_AGE_KEY_FILE', join(home, '.config/sops/age/keys.txt'), 'SOPS_AGE_KEY_CMD'])
})

const commands: readonly (readonly [string, readonly string[] | undefined])[] = [
  ['a  b', ['a', 'b']],
  [`a 'b c' "d e" f\\ g`, ['a', 'b c', 'd e', 'f g']],
  [`a"b"'c' ""`, ['abc', '']],
  ['a # b\nc', ['a', 'c']],
  ['a "b', undefined],
]

test('command lines are split as in a shell', () => {
  for (const [text, words] of commands) assert.deepEqual(splitWords(text), words, text)
})
