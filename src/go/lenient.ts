import { GoError } from './values.ts'

/** What `read` gives, or `otherwise` where it throws a GoError. */
export function lenient<T, U>(read: () => T, otherwise: U): T | U {
  try {
    return read()
  } catch (error) {
    if (error instanceof GoError) return otherwise
    throw error
  }
}
