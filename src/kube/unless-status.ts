import { KubeError } from './client.ts'

/** What `asked` gives; undefined where the server answers with one of `statuses`. */
export async function unlessStatus<T>(asked: Promise<T>, ...statuses: readonly number[]): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof KubeError && statuses.includes(error.status)) return undefined
    throw error
  }
}
