import pLimit from 'p-limit'

/**
 * Runs `work` over `items`, at most `limit` at once (0 or less: all at once), results in the order of the items.
 * The first rejection rejects the whole; items not yet started are then left alone.
 */
export async function mapLimited<T, R>(items: readonly T[], limit: number, work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const run = pLimit(limit > 0 ? limit : Math.max(1, items.length))
  let failed = false
  return Promise.all(
    items.map((item, index) =>
      run(async () => {
        if (failed) throw new Error('not started: an earlier task failed')
        try {
          return await work(item, index)
        } catch (error) {
          failed = true
          throw error
        }
      }),
    ),
  )
}
