import { startSandbox } from '../../sandbox/start.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    // An open server alone does not tell a person's Ctrl-C from the end of work; only the signal ends this command.
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

export const sandbox: Command = defineCommand({
  options: {
    data: { long: 'data', type: 'text', value: 'DIR', description: 'keep the cluster in DIR, so that it is there again next time' },
    port: { long: 'port', type: 'integer', value: 'PORT', min: 0, description: 'port on 127.0.0.1 (default: any free one)' },
    writeKubeconfig: { long: 'write-kubeconfig', type: 'text', value: 'FILE', description: 'write the kubeconfig to FILE instead of printing it' },
    readyAfter: { long: 'ready-after', type: 'integer', value: 'MS', min: 0, description: 'milliseconds until a pod is ready (default: 150)' },
  },
  examples: ['flotilla sandbox --data .sandbox --write-kubeconfig .sandbox/kubeconfig', 'KUBECONFIG=.sandbox/kubeconfig flotilla -e staging apply'],
  async run({ host, terminal, signal }, { data, port, writeKubeconfig, readyAfter }) {
    const running = await startSandbox(host, {
      ...(data === undefined ? {} : { dataDir: data }),
      ...(port === undefined ? {} : { port }),
      ...(readyAfter === undefined ? {} : { readyAfterMs: readyAfter }),
    })
    // While it listens, the process does not end.
    try {
      if (writeKubeconfig === undefined) terminal.out(running.kubeconfig)
      else host.fs.writeFile(writeKubeconfig, running.kubeconfig, { mode: 0o600 })
      terminal.err(
        `sandbox: listening on ${running.url}${writeKubeconfig === undefined ? '' : `, kubeconfig in ${writeKubeconfig}`}; Ctrl-C ends it\n`,
      )
      await untilAborted(signal)
    } finally {
      await running.close()
    }
    return exitCodes.ok
  },
})
