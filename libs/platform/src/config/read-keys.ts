import { ConfigError } from './config-error';

/** A random key of 32 bytes has about 30 different ones, a random secret of 16 hex digits about 10: fewer were not drawn at random. */
const MIN_DISTINCT_BYTES = 8;
const MIN_DISTINCT_CHARACTERS = 6;

/** Reads `SECRET_KEY`. Throws ConfigError, which never repeats it, as that of none of these does. */
export function readSecretKey(text: string | undefined): Buffer | undefined {
  const key = readKey('SECRET_KEY', text);
  if (key && new Set(key).size < MIN_DISTINCT_BYTES) {
    throw new ConfigError(
      'SECRET_KEY',
      'must be random, and this one repeats a few bytes; make another with `openssl rand -base64 32`, and name this one in SECRET_KEY_PREVIOUS if a database was sealed with it.',
    );
  }
  return key;
}

/** Reads `SECRET_KEY_PREVIOUS`. A weak key is taken here: it is being replaced. Throws ConfigError. */
export function readPreviousKeys(text: string | undefined): Buffer[] {
  const parts = text?.split(',').map((part) => part.trim()) ?? [];
  return parts.flatMap((part) => readKey('SECRET_KEY_PREVIOUS', part) ?? []);
}

function readKey(name: string, text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined;
  const key = Buffer.from(text, 'base64');
  if (key.length === 32 && /^[A-Za-z0-9+/]{43}=?$/.test(text)) return key;
  throw new ConfigError(
    name,
    name === 'SECRET_KEY'
      ? 'must be 32 bytes in base64; make one with `openssl rand -base64 32`.'
      : 'must be older values of SECRET_KEY, each 32 bytes in base64, separated by commas.',
  );
}

/** Reads `BOOTSTRAP_CLIENT_ID`. Throws ConfigError. */
export function readClientId(text: string | undefined): string | undefined {
  if (text === undefined || /^[A-Za-z0-9_.~-]{1,128}$/.test(text)) return text;
  throw new ConfigError('BOOTSTRAP_CLIENT_ID', 'must be 1 to 128 letters, digits or one of "_.~-".');
}

/** Reads `BOOTSTRAP_CLIENT_SECRET`. Throws ConfigError. */
export function readClientSecret(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^[!-~]{12,256}$/.test(text) && new Set(text).size >= MIN_DISTINCT_CHARACTERS) return text;
  throw new ConfigError(
    'BOOTSTRAP_CLIENT_SECRET',
    `must be 12 to 256 printable ASCII characters without spaces, at least ${MIN_DISTINCT_CHARACTERS} of them different; make one with \`openssl rand -hex 24\`.`,
  );
}
