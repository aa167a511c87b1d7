/** `fields` without those that are undefined, for places that take a field or none. */
export function withoutUndefined<F extends object>(fields: F): { readonly [K in keyof F]?: Exclude<F[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof F]?: Exclude<F[K], undefined>
  }
}
