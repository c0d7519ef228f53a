import { perLanguage } from '../language/per-language';
import { DAY, HOUR, MINUTE } from './time-units';

const UNITS = [
  [DAY, 'day'],
  [HOUR, 'hour'],
  [MINUTE, 'minute'],
] as const;

const formatOf = perLanguage(
  (language) => (unit: string) => new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }),
);

/** Seconds in the largest unit that they are whole of: `1 day`, `36 hours`, `90 seconds`. */
export function formatDuration(seconds: number): string {
  const [size, unit] = UNITS.find(([size]) => seconds >= size && seconds % size === 0) ?? [1, 'second'];
  return formatOf()(unit).format(seconds / size);
}
