import { DiagnosticError, failure, type Note } from '../../base/diagnostic.ts'
import type { Source } from '../../base/source.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import type { RecordStore } from '../../kube/record-store.ts'
import { isRecord } from '../codec.ts'
import { flattenList, parseManifest } from '../parse-manifest.ts'
import { memoryRecords } from './memory-records.ts'

/**
 * The records in what kubectl prints of Secrets or ConfigMaps as JSON or YAML.
 *
 * @throws DiagnosticError `release/no-records` where there are none
 */
export async function dumpedRecords({ name, text }: Source): Promise<RecordStore> {
  const records = memoryRecords()
  const found = readRecords(name, text)
  if (found.length === 0) throw noRecords(name)
  for (const record of found) await records.create(record)
  return records
}

function readRecords(name: string, text: string): readonly KubeObject[] {
  try {
    return objectsIn(text).filter(isRecord)
  } catch (error) {
    if (error instanceof DiagnosticError) throw noRecords(name, [{ text: error.message }])
    throw error
  }
}

function noRecords(name: string, notes: readonly Note[] = []): DiagnosticError {
  return failure('release/no-records', `${name} holds no records of releases`, {
    notes,
    hint: 'write it with kubectl get secrets --all-namespaces --selector owner=helm --output json',
  })
}

/** JSON is YAML, but read sooner. */
function objectsIn(text: string): readonly KubeObject[] {
  if (!text.trimStart().startsWith('{')) return parseManifest(text)
  try {
    return flattenList(JSON.parse(text) as KubeObject)
  } catch (error) {
    if (error instanceof SyntaxError) return parseManifest(text)
    throw error
  }
}
