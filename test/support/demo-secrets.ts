import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { nodeHost } from '../../src/base/host-node.ts'
import { secretReader } from '../../src/secrets/secret-reader.ts'
import { repositoryRoot } from './paths.ts'

const shop = join(repositoryRoot, 'examples/shop')

/** The key that decrypts the example's secrets. */
export const demoKeyFile: string = join(shop, 'demo.agekey')

/** Puts an encrypted `dev.secrets.yaml` into `folder`; gives the password in it. */
export async function placeDemoSecrets(folder: string): Promise<string> {
  cpSync(join(shop, 'environments/dev.secrets.yaml'), join(folder, 'dev.secrets.yaml'))
  const reader = secretReader(nodeHost({ cwd: folder, env: { SOPS_AGE_KEY_FILE: demoKeyFile } }))
  return /password: (.+)/.exec((await reader.decryptFile('dev.secrets.yaml')).text)?.[1]?.replace(/^['"]|['"]$/g, '') ?? ''
}
