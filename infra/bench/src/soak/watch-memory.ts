import { median } from '../figures';

/** What is watched, and how to read its memory in MiB. */
export type MemoryReaders = Readonly<Record<string, () => number | undefined>>;

/** The memory of one of those over the time. */
export interface MemoryCourse {
  /** Medians of the first and the last minute. */
  first: number;
  last: number;
  highest: number;
  /** MiB a minute, of the line that fits best. */
  slope: number;
}

const INTERVAL_SECONDS = 5;

/** Reads the memory every five seconds until it is stopped; `onMinute` sees the latest figures each minute. */
export function watchMemory(
  readers: MemoryReaders,
  onMinute: (minute: number, latest: string) => void,
): { stop: () => Record<string, MemoryCourse> } {
  const courses = Object.entries(readers).map(([name, read]) => ({ name, read, values: [] as number[] }));
  const perMinute = 60 / INTERVAL_SECONDS;
  let count = 0;
  const look = (): void => {
    count += 1;
    const latest = courses.flatMap(({ name, read, values }) => {
      const value = read();
      if (value === undefined) return [];
      values.push(value);
      return `${name} ${Math.round(value)}`;
    });
    if (count % perMinute === 0) onMinute(count / perMinute, latest.join(', '));
  };
  const timer = setInterval(look, INTERVAL_SECONDS * 1_000);
  return {
    stop: () => {
      clearInterval(timer);
      const seen = courses.filter(({ values }) => values.length > 0);
      return Object.fromEntries(seen.map(({ name, values }) => [name, describeCourse(values, perMinute)]));
    },
  };
}

/** The course of values that were read so many times a minute. */
export function describeCourse(values: readonly number[], perMinute: number): MemoryCourse {
  // Of a short run two halves.
  const length = Math.min(perMinute, Math.ceil(values.length / 2));
  return {
    first: median(values.slice(0, length)) ?? 0,
    last: median(values.slice(-length)) ?? 0,
    highest: Math.max(...values),
    slope: fitSlope(values) * perMinute,
  };
}

/** The slope per step of the least-squares line through the values. */
function fitSlope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let across = 0;
  let along = 0;
  values.forEach((value, index) => {
    across += (index - middle) * (value - mean);
    along += (index - middle) ** 2;
  });
  return along === 0 ? 0 : across / along;
}
