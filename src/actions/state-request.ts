export type { StateRequest } from '../state/request.ts'
