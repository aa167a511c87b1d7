// npm run schemas: writes schemas/helmfile.schema.json.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryRoot } from '../support/paths.ts'
import { stateSchema } from './state-schema.ts'

writeFileSync(join(repositoryRoot, 'schemas/helmfile.schema.json'), stateSchema())
