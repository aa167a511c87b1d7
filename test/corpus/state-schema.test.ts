import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parseAllDocuments } from 'yaml'
import { nodeHost } from '../../src/base/host-node.ts'
import { loadState } from '../../src/state/load-state.ts'
import { skipWithout, unpackedCorpus } from '../support/corpus.ts'
import { repositoryRoot } from '../support/paths.ts'

const ARCHIVE = 'states.tar.xz'
const FILE = 'helmfile.yaml'

/** Files with something wrong that only matters in an environment which is not asked for. */
const WRONG_ELSEWHERE: readonly string[] = ['env-merge-override-explicit']

/** True when we read the file, so it is one that should be valid. */
async function loads(folder: string): Promise<boolean> {
  const host = nodeHost({ cwd: folder, env: { HOME: folder } })
  return loadState(host, { allowNoMatchingRelease: true }).then(
    () => true,
    () => false,
  )
}

describe('the JSON Schema on state files that load', { skip: skipWithout(ARCHIVE) }, () => {
  const root = unpackedCorpus(ARCHIVE)
  const schema = JSON.parse(readFileSync(join(repositoryRoot, 'schemas/helmfile.schema.json'), 'utf8')) as object
  const validate = new Ajv2020({ strict: false }).compile(schema)
  for (const slug of root ? readdirSync(root) : []) {
    const folder = join(root as string, slug, 'input')
    let text: string
    try {
      text = readFileSync(join(folder, FILE), 'utf8')
    } catch {
      continue
    }
    test(slug, async (t) => {
      if (WRONG_ELSEWHERE.includes(slug)) return t.skip('another environment of it is wrong')
      if (!(await loads(folder))) return t.skip('it does not load')
      for (const document of parseAllDocuments(text, { uniqueKeys: false, merge: true })) {
        assert.ok(validate(document.toJS() ?? {}), `${slug}: ${JSON.stringify(validate.errors)}`)
      }
    })
  }
})
