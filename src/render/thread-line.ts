import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'

/** One end of a line between two threads that wait for one another without giving up their turn. */
export interface ThreadLine {
  readonly port: MessagePort
  /** Messages sent so far in each direction. */
  readonly counts: Int32Array
  /** Where in `counts` this end counts what it sends; the other end uses the other place. */
  readonly own: 0 | 1
}

/** Sends `message`. @throws DOMException `DataCloneError` for what cannot leave a thread */
export function say(line: ThreadLine, message: unknown): void {
  line.port.postMessage(message)
  Atomics.add(line.counts, line.own, 1)
  Atomics.notify(line.counts, line.own)
}

/** The next message of the other end, which is waited for; undefined when it does not come within so many milliseconds. */
export function hear(line: ThreadLine, milliseconds: number): unknown {
  const other = 1 - line.own
  for (;;) {
    const sent = Atomics.load(line.counts, other)
    const received = receiveMessageOnPort(line.port)
    if (received) return received.message
    if (Atomics.wait(line.counts, other, sent, milliseconds) === 'timed-out') return undefined
  }
}
