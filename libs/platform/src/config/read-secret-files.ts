import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error';

/** Variables that hold a secret, alone or in an address: each may be given as a file, by the same name with `_FILE`. */
export const SECRET_VARIABLES = [
  'SECRET_KEY',
  'SECRET_KEY_PREVIOUS',
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'DATABASE_OWNER_URL',
  'CELLS',
  'CELLS_OWNER',
  'REDIS_URL',
  'SMTP_URL',
  'BOOTSTRAP_CLIENT_SECRET',
] as const;

/**
 * The environment with the secrets that are given as files (`SECRET_KEY_FILE=/run/secrets/key`) in the variables that take them,
 * without the newline that ends a file. Throws ConfigError for a file that cannot be read or is empty, and for a secret that is
 * given both ways; it never repeats one.
 */
export function readSecretFiles(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const read = { ...env };
  for (const name of SECRET_VARIABLES) {
    const file = env[`${name}_FILE`]?.trim();
    if (!file) continue;
    if (env[name]?.trim()) throw new ConfigError(`${name}_FILE`, `must not be set together with ${name}: keep one.`);
    read[name] = readSecret(`${name}_FILE`, file);
  }
  return read;
}

function readSecret(variable: string, file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new ConfigError(variable, `must name a file that this process can read (${code}).`);
  }
  if (text.trim() === '') throw new ConfigError(variable, 'must name a file that is not empty.');
  return text;
}
