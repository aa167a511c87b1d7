import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'

/** Room is made at once for bodies that say how long they are, up to this size: a claim costs a server nothing. */
const MAX_UPFRONT = 256 * 1024 * 1024

/** Thrown when a body is longer than it may be. */
export class TooLongError extends Error {}

/**
 * Gathers a body over one or more answers. What has come stays when a connection breaks; `rangeHeaders` then ask for the rest
 * where the server can give it.
 */
export class BodyCollector {
  readonly #limit: number
  #room: Buffer = Buffer.alloc(0)
  #size = 0
  #validator: string | undefined
  #received = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** What to ask for so that only the rest comes; empty when everything has to come again. Source: RFC 9110 section 14 */
  get rangeHeaders(): Readonly<Record<string, string>> {
    return this.#size > 0 && this.#validator !== undefined ? { range: `bytes=${this.#size}-`, 'if-range': this.#validator } : {}
  }

  /**
   * Reads the body of an answer with status 200 or 206 to its end.
   * @throws TooLongError, and what breaks the connection
   */
  async read(status: number, headers: IncomingHttpHeaders, body: Readable): Promise<void> {
    if (status !== 206 || !this.#continues(headers['content-range'])) this.#size = 0
    const length = Number(headers['content-length'] ?? Number.NaN)
    if (headers['content-encoding'] === undefined && Number.isSafeInteger(length)) this.#expect(length)
    this.#validator = validatorOf(headers)
    for await (const chunk of body as AsyncIterable<Buffer>) this.#add(chunk)
  }

  /** How many bytes have come, those of answers that broke off included. */
  get received(): number {
    return this.#received
  }

  get data(): Buffer {
    return this.#room.subarray(0, this.#size)
  }

  #continues(range: string | undefined): boolean {
    return range?.startsWith(`bytes ${this.#size}-`) ?? false
  }

  #expect(length: number): void {
    if (this.#size + length > this.#limit) throw new TooLongError()
    if (length <= MAX_UPFRONT) this.#grow(this.#size + length)
  }

  #add(chunk: Buffer): void {
    if (this.#size + chunk.length > this.#limit) throw new TooLongError()
    if (this.#size + chunk.length > this.#room.length)
      this.#grow(Math.max(this.#size + chunk.length, Math.min(this.#limit, this.#room.length * 2), 65_536))
    chunk.copy(this.#room, this.#size)
    this.#size += chunk.length
    this.#received += chunk.length
  }

  #grow(size: number): void {
    if (size <= this.#room.length) return
    const room = Buffer.allocUnsafe(size)
    this.#room.copy(room, 0, 0, this.#size)
    this.#room = room
  }
}

/** Only a strong validator tells that the rest belongs to what came before. Packed answers are unpacked, so their bytes do not count. */
function validatorOf(headers: IncomingHttpHeaders): string | undefined {
  if (headers['content-encoding'] !== undefined || headers['accept-ranges'] === 'none') return undefined
  const { etag } = headers
  return etag?.startsWith('"') ? etag : undefined
}
