/** What workers can look at as soon as a use case is committed; ids are bare. A wake-up may be lost: a sweep finds the work too. */
export interface ToWake {
  /** Directories with new change rows. */
  directoryIds?: readonly string[];
  /** Webhook endpoints with something due. */
  endpoints?: readonly { environmentId: string; endpointId: string }[];
}

/** What a use case answers, and whom to wake after its commit. */
export interface Waking<Result> {
  result: Result;
  wake: ToWake;
}
