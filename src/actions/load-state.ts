export { loadState } from '../state/load-state.ts'
export type { StateRequest } from '../state/request.ts'
export type { Release, State, StateFile } from '../state/state.ts'
