/** A secret as it is, as base64 wherever it begins, as in URLs and in JSON; each telling line of one that has several. */
export function formsOf(secret: string): readonly string[] {
  const lines = secret.includes('\n') ? secret.split('\n').slice(1, -1) : []
  return [secret, ...lines].flatMap((text) => {
    const json = JSON.stringify(text).slice(1, -1)
    return [
      text,
      json,
      JSON.stringify(json).slice(1, -1),
      ...cores(text),
      ...cores(json),
      encodeURIComponent(text),
      encodeURIComponent(text).replaceAll('%20', '+'),
    ]
  })
}

/** The characters of base64 that a text always has, wherever in what is encoded it begins. */
function cores(text: string): readonly string[] {
  const bytes = Buffer.from(text)
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    return encoded.slice(Math.ceil((offset * 8) / 6), -2)
  })
}
