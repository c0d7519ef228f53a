/** What one contender did in one round. */
export interface Sample {
  /** Operations per second; absent where that says nothing, as of a start. */
  perSecond?: number;
  /** How long a work took that has an end. */
  seconds?: number;
  /** The longest wait of one of many who have their turns, as a multiple of its fair share. */
  fairShares?: number;
  /** Milliseconds of an operation, to its whole answer. */
  p50?: number;
  p95?: number;
  p99?: number;
  longest?: number;
  /** How long a change has waited at most, in milliseconds, to become events. */
  oldestChange?: number;
  /** CPU milliseconds per operation of the server's processes and of PostgreSQL. */
  serverCpuMs?: number;
  databaseCpuMs?: number;
  /** Of both. */
  cpuMs?: number;
  /** CPU milliseconds per operation of the benchmark itself: what sends the load and, in deliveries, receives the webhooks. */
  loadCpuMs?: number;
  /** Resident memory of the server's processes after the round. */
  memoryMiB?: number;
  /** What the database takes up. */
  diskMiB?: number;
}
