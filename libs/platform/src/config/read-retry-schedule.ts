import { ConfigError } from './config-error';
import { DEFAULT_RETRY_SCHEDULE } from './default-retry-schedule';

/** Reads `WEBHOOK_RETRY_SCHEDULE`: the waits after failed attempts. A leading 0 is the first attempt itself, which is always at once. Throws ConfigError. */
export function readRetrySchedule(text: string | undefined): number[] {
  if (text === undefined) return [...DEFAULT_RETRY_SCHEDULE];
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > 50 || !parts.every((part) => /^\d{1,7}(\.\d{1,3})?$/.test(part) && Number(part) <= 604_800)) {
    throw new ConfigError(
      'WEBHOOK_RETRY_SCHEDULE',
      'must be up to 50 numbers of seconds separated by commas, each at most 604800, such as 5,300,1800.',
    );
  }
  const seconds = parts.map(Number);
  return seconds[0] === 0 ? seconds.slice(1) : seconds;
}
