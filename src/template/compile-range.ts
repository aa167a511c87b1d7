import { sprint } from '../go/printf.ts'
import { GoInt, type GoList, type GoMap, goInt, isGoObject, sortedKeys } from '../go/values.ts'
import type { BranchNode } from './ast.ts'
import { compilePipeline } from './compile-pipeline.ts'
import { assignVariable, BREAK, type Flow, type Frame, fail, popVariables, type Step } from './frame.ts'
import { holdsInterfaces, type Value } from './value.ts'

/** Runs the body once with this index and element; the answer says whether to leave the loop. */
type Turn = (index: Value, element: Value, inInterface: boolean) => Flow

/** `{{ range }}` as a step. Source: Go 1.26 text/template/exec.go, walkRange. */
export function compileRange(node: BranchNode, body: Step, otherwise: Step | undefined): Step {
  const evaluate = compilePipeline(node.pipe)
  const names = node.pipe.declared.map((variable) => variable.path[0] as string)
  const { isAssignment } = node.pipe
  const setVariables = isAssignment ? assigner(names) : declarer(names.length)
  return (frame, dot) => {
    frame.node = node
    const outer = frame.names.length
    const value = evaluate(frame, dot)
    const inner = frame.names.length
    const turn: Turn = (index, element, inInterface) => {
      countTurn(frame)
      setVariables(frame, inner, index, element, inInterface)
      frame.dotInInterface = inInterface
      const flow = body(frame, element)
      popVariables(frame, inner)
      return flow
    }
    const held = frame.dotInInterface
    const ran = iterate(frame, value, names.length, turn)
    frame.dotInInterface = held
    const flow = !ran && otherwise ? otherwise(frame, dot) : 0
    popVariables(frame, outer)
    // A break in the else branch leaves this loop, as in Go; a continue belongs to the loop around it.
    return flow === BREAK ? 0 : flow
  }
}

function countTurn(frame: Frame): void {
  const { budget } = frame.surroundings
  budget.iterations++
  const limit = budget.limits.iterations
  if (budget.iterations > limit) fail(frame, `range loops exceed the limit of ${limit} turns`, { code: 'template/too-much' })
}

type SetVariables = (frame: Frame, top: number, index: Value, element: Value, inInterface: boolean) => void

/** With two variables the index comes first; a single one takes the element. */
function declarer(count: number): SetVariables {
  return (frame, top, index, element, inInterface) => {
    if (count === 0) return
    frame.values[top - 1] = element
    frame.inInterface[top - 1] = inInterface
    if (count > 1) frame.values[top - 2] = index
  }
}

function assigner(names: readonly string[]): SetVariables {
  const [first, second] = names
  return (frame, _top, index, element, inInterface) => {
    if (second !== undefined) {
      assignVariable(frame, first as string, index)
      assignVariable(frame, second, element, inInterface)
    } else if (first !== undefined) assignVariable(frame, first, element, inInterface)
  }
}

/** Whether the loop had any turn. */
function iterate(frame: Frame, value: Value, variables: number, turn: Turn): boolean {
  if (value === undefined || value === null) return false
  if (Array.isArray(value)) return overList(value as GoList, turn)
  if (value instanceof Map) return overMap(value as GoMap, turn)
  if (value instanceof GoInt) return overInteger(frame, value, variables, turn)
  if (value instanceof Uint8Array) return overBytes(value, turn)
  const plain = isGoObject(value) && isContainer(value.goKind) ? value.plain?.() : undefined
  if (plain !== undefined) return iterate(frame, plain, variables, turn)
  return fail(frame, `range can't iterate over ${sprint([value])}`)
}

function isContainer(kind: string): boolean {
  return kind === 'map' || kind === 'slice'
}

function overList(list: GoList, turn: Turn): boolean {
  const inInterface = holdsInterfaces(list)
  const count = list.length
  for (let i = 0; i < count; i++) if (turn(goInt(i), list[i] ?? null, inInterface) === BREAK) break
  return count > 0
}

/** The keys and values of the start count: Go sorts a copy before the first turn. */
function overMap(map: GoMap, turn: Turn): boolean {
  const inInterface = holdsInterfaces(map)
  const entries = sortedKeys(map).map((key) => [key, map.get(key) ?? null] as const)
  for (const [key, item] of entries) if (turn(key, item, inInterface) === BREAK) break
  return entries.length > 0
}

function overBytes(bytes: Uint8Array, turn: Turn): boolean {
  for (let i = 0; i < bytes.length; i++) if (turn(goInt(i), new GoInt(BigInt(bytes[i] as number), 'uint8'), false) === BREAK) break
  return bytes.length > 0
}

function overInteger(frame: Frame, count: GoInt, variables: number, turn: Turn): boolean {
  if (variables > 1) fail(frame, `can't use ${sprint([count])} to iterate over more than one variable`)
  for (let i = 0n; i < count.value; i++) if (turn(undefined, new GoInt(i, count.kind, count.type), false) === BREAK) break
  return count.value > 0n
}
