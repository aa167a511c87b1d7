import { isTrue } from '../../go/kind.ts'
import type { GoValue } from '../../go/values.ts'

/** sprig's `empty`: nil, false, zero, and whatever has length 0. Structs never are, pointers only when nil. */
export function isEmpty(value: GoValue): boolean {
  return !isTrue(value)
}
