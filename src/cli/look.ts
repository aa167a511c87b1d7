import type { GlobalValues } from './command.ts'
import type { Terminal } from './terminal.ts'

/** How output looks. */
export interface Look {
  /** Colour in results, colour in messages. */
  readonly colorOut: boolean
  readonly colorErr: boolean
  /** Whether progress is redrawn in place. */
  readonly live: boolean
}

/**
 * What options, environment and terminal allow. `--no-color` beats `--color`, both beat NO_COLOR (no-color.org), which beats
 * FORCE_COLOR; else there is colour on terminals that are not dumb. In CI nothing is redrawn.
 */
export function lookFor(
  terminal: Pick<Terminal, 'outIsTerminal' | 'errIsTerminal'>,
  env: Readonly<Record<string, string | undefined>>,
  { color, noColor }: Pick<GlobalValues, 'color' | 'noColor'> = {},
): Look {
  const isCapable = env['TERM'] !== 'dumb'
  const wantsColor = (isTerminal: boolean): boolean => {
    if (noColor) return false
    if (color) return true
    if (env['NO_COLOR']) return false
    if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0'
    return isTerminal && isCapable
  }
  return {
    colorOut: wantsColor(terminal.outIsTerminal),
    colorErr: wantsColor(terminal.errIsTerminal),
    live: terminal.errIsTerminal && isCapable && !env['CI'],
  }
}
