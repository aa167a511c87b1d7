import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { decryptSops as decryptElsewhere } from 'sops-age'
import { parse } from 'yaml'
import { nodeHost } from '../../../src/base/host-node.ts'
import { ageIdentities } from '../../../src/secrets/age-identities.ts'
import { decryptSops, isEncrypted, type SopsFormat, sopsFormatOf } from '../../../src/secrets/decrypt-sops.ts'
import { goldenFolder } from '../../support/golden.ts'

/*
 * Every fixture that sops-age can read comes out of it as it does of ours: two independent readings of the same files. What it
 * cannot read is named with the reason.
 */
const folder = goldenFolder('secrets')
const host = nodeHost({ cwd: folder, env: { HOME: join(folder, 'nobody'), SOPS_AGE_KEY_FILE: 'key.txt' } })
const secretKey = readFileSync(join(folder, 'key.txt'), 'utf8').match(/AGE-SECRET-KEY-\S+/)?.[0] ?? ''

const unread: Readonly<Record<string, string>> = {
  'documents.yaml': 'it reads one document only',
  'key-groups.yaml': 'neither knows key groups',
  'other-recipient.yaml': 'made for another key',
  'two-recipients.yaml': 'it knows no encrypted comments',
  'types.yaml': 'it knows no times',
  'values.json': 'it takes list indices into the path that is authenticated; sops does not',
}

const fileTypes: Readonly<Partial<Record<SopsFormat, 'env' | 'json' | 'yaml'>>> = { yaml: 'yaml', json: 'json', dotenv: 'env' }

/** Texts of a .env file are `KEY=text` lines here, and entries there. */
function valuesOf(text: string, format: SopsFormat): unknown {
  if (format !== 'dotenv') return parse(text) as unknown
  return Object.fromEntries(
    text
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).replaceAll('\\n', '\n')]),
  )
}

describe('sops-age reads the same values', () => {
  for (const name of readdirSync(folder).sort()) {
    const text = readFileSync(join(folder, name), 'utf8')
    const format = sopsFormatOf(name)
    const fileType = format && fileTypes[format]
    if (!fileType || !isEncrypted(text)) continue
    it(name, unread[name] === undefined ? {} : { skip: unread[name] }, async () => {
      const ours = await decryptSops({ name, text }, format, ageIdentities(host))
      assert.deepEqual(valuesOf(ours, format), await decryptElsewhere(text, { fileType, secretKey }))
    })
  }
})
