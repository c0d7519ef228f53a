import { ConfigError } from './config-error';

/** The text of a variable; undefined when it is unset or empty. */
export type ReadVariable = (name: string) => string | undefined;

/** Throws ConfigError for what is neither. Unset is false. */
export function readBoolean(name: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  if (text !== 'true' && text !== 'false') throw new ConfigError(name, 'must be true or false.');
  return text === 'true';
}

/** Throws ConfigError for what is no whole number of the range. */
export function readInteger(
  name: string,
  text: string | undefined,
  range: { fallback: number; min: number; max: number },
): number {
  if (text === undefined) return range.fallback;
  const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (!(value >= range.min && value <= range.max)) {
    throw new ConfigError(name, `must be a whole number from ${range.min} to ${range.max}.`);
  }
  return value;
}
