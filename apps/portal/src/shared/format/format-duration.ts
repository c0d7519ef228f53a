import { formatCount } from './format-count';
import { DAY, HOUR, MINUTE } from './time-units';

const UNITS = [
  [DAY, 'day'],
  [HOUR, 'hour'],
  [MINUTE, 'minute'],
] as const;

/** Seconds in the largest unit that they are whole of: `1 day`, `36 hours`, `90 seconds`. */
export function formatDuration(seconds: number): string {
  const [size, unit] = UNITS.find(([size]) => seconds >= size && seconds % size === 0) ?? [1, 'second'];
  return formatCount(seconds / size, unit);
}
