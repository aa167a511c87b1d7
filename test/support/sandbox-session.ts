import { nodeHost } from '../../src/base/host-node.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/start.ts'

/** A JSON object of an answer; tests look into it. */
export type Answer = { readonly [key: string]: unknown }

/** One answer of the sandbox: its status, and its body as an object, or as text where it is none. */
export interface Reply {
  readonly code: number
  readonly body: Answer
  readonly text: string
}

/** A sandbox and requests to it. */
export interface SandboxSession {
  readonly sandbox: Sandbox
  call(method: string, path: string, body?: unknown, contentType?: string): Promise<Reply>
  /** Server-side apply of `object` at `path`. */
  apply(path: string, object: unknown, query?: string): Promise<Reply>
  /** Follows the collection at `path` until an object, or its absence after a deletion, satisfies `test`; the object then. */
  until(path: string, name: string, test: (object: Answer, type: string) => boolean): Promise<Answer>
}

/** Watches are answered by one object per line. */
function isJson(path: string, text: string): boolean {
  return text.startsWith('{') && !path.includes('watch=')
}

/** Starts a sandbox whose pods are ready at once. Close it when done. */
export async function sandboxSession(options: SandboxOptions = {}): Promise<SandboxSession> {
  const sandbox = await startSandbox(nodeHost(), { readyAfterMs: 1, ...options })
  const headers = (contentType: string): Record<string, string> => ({
    authorization: `Bearer ${sandbox.token}`,
    'content-type': contentType,
    'user-agent': 'tester/1.0',
  })
  const call = async (method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<Reply> => {
    const init = body === undefined || body === null ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
    const response = await fetch(sandbox.url + path, { method, headers: headers(contentType), ...init })
    const text = await response.text()
    return { code: response.status, text, body: isJson(path, text) ? (JSON.parse(text) as Answer) : {} }
  }
  const until = async (path: string, name: string, test: (object: Answer, type: string) => boolean): Promise<Answer> => {
    const response = await fetch(`${sandbox.url}${path}?watch=true&fieldSelector=metadata.name=${name}&timeoutSeconds=20`, {
      headers: headers('application/json'),
    })
    let rest = ''
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      const lines = (rest + Buffer.from(chunk).toString('utf8')).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const event = JSON.parse(line) as { readonly type: string; readonly object: Answer }
        if (test(event.object, event.type)) return event.object
      }
    }
    throw new Error(`${path} ${name} did not become what was expected: ${(await call('GET', `${path}/${name}`)).text}`)
  }
  return {
    sandbox,
    call,
    until,
    apply: (path, object, query = 'fieldManager=helm') => call('PATCH', `${path}?${query}`, object, 'application/apply-patch+yaml'),
  }
}
