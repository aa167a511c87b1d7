const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of `30m`, `24h` or `7d`: the form that the schema of the settings allows; undefined for any other. */
export function parseAge(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? []
  return number === undefined ? undefined : Number(number) * (UNITS[unit] as number)
}
