/** Owns the one object that is passed down: everything a workflow may use beside its arguments. */
import type { Store } from '../store/open.ts'

export type Deps = {
  store: Store
  /** The moment as ISO 8601 in UTC. */
  now(): string
  /** A new random id. */
  newId(): string
  /** One line for the operator; control characters of data are the writer's business. */
  log(message: string): void
}
