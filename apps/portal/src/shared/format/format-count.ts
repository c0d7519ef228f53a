import { perLanguage } from '../language/per-language';

const number = perLanguage((language) => new Intl.NumberFormat(language));
const milliseconds = perLanguage(
  (language) =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit: 'millisecond',
      unitDisplay: 'short',
      maximumFractionDigits: 0,
    }),
);

/** In English, a count with its noun: `1 user`, `1,204 users`. The plural defaults to the noun with an s. A message has the macro `plural`. */
export function formatCount(count: number, noun: string, plural = `${noun}s`): string {
  return `${number().format(count)} ${count === 1 ? noun : plural}`;
}

/** A count with thousands separators. */
export function formatNumber(count: number): string {
  return number().format(count);
}

/** A time in whole milliseconds: `12 ms`. */
export function formatMilliseconds(time: number): string {
  return milliseconds().format(time);
}
