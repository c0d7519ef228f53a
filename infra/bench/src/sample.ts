/** What one contender did in one round. */
export interface Sample {
  /** Operations per second. */
  perSecond: number;
  /** Milliseconds from sending an operation to its whole answer. */
  p50?: number;
  p95?: number;
  p99?: number;
  /** CPU milliseconds per operation of the server's processes and of PostgreSQL. */
  serverCpuMs?: number;
  databaseCpuMs?: number;
  /** Resident memory of the server's processes after the round. */
  memoryMiB?: number;
}
