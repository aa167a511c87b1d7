const TRUE_WORDS = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])

/** What Go's `strconv.ParseBool` takes for true. */
export function isTrue(text: string | undefined): boolean {
  return TRUE_WORDS.has((text ?? '').trim())
}
