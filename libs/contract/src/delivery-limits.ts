/** How long an endpoint may take for an attempt, from the first byte out to the last byte in, in milliseconds. */
export const DELIVERY_DEADLINE_MS = 15_000;

/** How far waiting deliveries are counted: an endpoint that was away for long may have millions. It stands for that many or more. */
export const PENDING_COUNT_MAX = 10_000;
