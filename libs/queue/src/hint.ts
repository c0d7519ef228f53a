/** What a hint asks for: drain a directory's changes into events, or send an endpoint's deliveries that are due. */
export const HINT_JOBS = ['drain-directory', 'deliver-endpoint'] as const;
export type HintJob = (typeof HINT_JOBS)[number];

export interface Hint {
  /** What the work is about: hints of one job and key are merged. */
  readonly key: string;
  /** Ids only. */
  readonly data: Readonly<Record<string, string>>;
}

/**
 * Does the work that a hint asks for. It finds out from the database what there is to do, and may find nothing.
 * @param hint.signal aborts when the process has to end soon
 */
export type HintHandler = (hint: Hint & { readonly signal: AbortSignal }) => Promise<void>;

/** Where the queue says that it went away or came back; a pino logger fits. */
export interface QueueLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
