// npm run docs: writes what is generated under docs/.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../support/paths.ts'
import { cliReference } from './cli-reference.ts'

writeFileSync(join(repositoryRoot, 'docs/cli.md'), await cliReference())
