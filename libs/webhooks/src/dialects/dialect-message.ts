import type { Deactivation, Dialect } from '@rollcall/contract';

/** A request that a dialect makes of an event. */
export interface DialectMessage {
  /** The same whenever the event is sent: the key to drop repeats by. */
  id: string;
  type: string;
  /** The exact bytes that are sent. */
  body: string;
}

/** In whose form an endpoint gets events. */
export interface DialectSettings {
  name: Dialect;
  /** Null = `delete`. */
  deactivation: Deactivation | null;
}
