import { harmless } from '../base/harmless.ts'
import type { PlanResult } from '../plan/events.ts'
import { releaseName } from './release-words.ts'

/** What charts have to say about releases that were installed or upgraded (NOTES.txt), under the releases' names. */
export function formatNotes(result: PlanResult): string {
  return result.releases
    .filter(({ result: how, notes }) => how === 'done' && notes !== undefined && notes.trim() !== '')
    .map((release) => `\nnotes of ${releaseName(release)}:\n${indented(harmless(release.notes ?? ''))}\n`)
    .join('')
}

function indented(text: string): string {
  return text.trim().replace(/^(?=.)/gm, '  ')
}
