/** What the system was asked to do with a file, by the name of its call. */
const CALLS: Readonly<Record<string, string>> = {
  open: 'open',
  read: 'read',
  write: 'write',
  scandir: 'list',
  stat: 'look at',
  lstat: 'look at',
  mkdir: 'make the folder',
  rename: 'write',
  rm: 'remove',
  unlink: 'remove',
}

/** Reasons that are told without a path: there is no room left. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/**
 * What it says to a person when the operating system refuses something about a file: a missing right, a full disk, a file in a
 * folder's place. Undefined for other errors, those of connections among them.
 */
export function fileErrorText(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  const { code = '', syscall = '', path, dest } = error as NodeJS.ErrnoException & { readonly dest?: string }
  const target = dest ?? path
  if (!Object.hasOwn(CALLS, syscall) || (target === undefined && !FULL.has(code))) return undefined
  const reason = error.message.slice(`${code}: `.length).split(`, ${syscall}`)[0]
  return `cannot ${CALLS[syscall]}${target === undefined ? '' : ` "${target}"`}: ${reason}`
}
