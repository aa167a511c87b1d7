import { compareSync } from 'bcryptjs'

/** Whether `hash` is a bcrypt hash of `password`. */
export function bcryptMatches(password: string, hash: string): boolean {
  return compareSync(password, hash)
}
