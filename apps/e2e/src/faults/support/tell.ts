/** Says a figure that is not asserted, because it is the machine's. */
export function tell(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

/** The seconds since a `performance.now()`. */
export function secondsSince(time: number): string {
  return ((performance.now() - time) / 1_000).toFixed(1);
}
