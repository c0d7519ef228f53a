/** Something to repeat; one call is one operation. */
export interface Scenario {
  name: string;
  /** What the project promises, in operations per second of one core. */
  goalPerSecond?: number;
  run: () => unknown;
}

/** Operations per second of CPU time over all rounds. */
export interface Measurement {
  name: string;
  goalPerSecond?: number;
  median: number;
  min: number;
  max: number;
}

/** Calls between two looks at the clock: the look must not cost more than the work. */
const BATCH = 64;

/**
 * Measures scenarios by the CPU time of this process, in turn, round by round, so that a machine that becomes slower meanwhile
 * slows all of them. The first round warms up and does not count.
 */
export function measureRounds(
  scenarios: readonly Scenario[],
  { rounds, roundMs }: { rounds: number; roundMs: number },
): Measurement[] {
  const rates = scenarios.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, scenario] of scenarios.entries()) {
      const rate = measureRate(scenario, roundMs);
      if (round > 0) rates[index]?.push(rate);
    }
  }
  return scenarios.map(({ name, goalPerSecond }, index) => {
    const sorted = (rates[index] ?? []).toSorted((a, b) => a - b);
    return {
      name,
      ...(goalPerSecond === undefined ? {} : { goalPerSecond }),
      median: sorted[Math.floor(sorted.length / 2)] ?? 0,
      min: sorted[0] ?? 0,
      max: sorted.at(-1) ?? 0,
    };
  });
}

function measureRate({ run }: Scenario, roundMs: number): number {
  const start = process.cpuUsage();
  let operations = 0;
  for (;;) {
    for (let call = 0; call < BATCH; call++) run();
    operations += BATCH;
    const { user, system } = process.cpuUsage(start);
    const cpuMs = (user + system) / 1000;
    if (cpuMs >= roundMs) return (operations * 1000) / cpuMs;
  }
}
