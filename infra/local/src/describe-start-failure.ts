import { StartError } from '@rollcall/embedded-postgres';
import { AppError, ConfigError } from '@rollcall/platform';

/** One sentence for a person where somebody wrote one; the whole error, with its stack, where nobody foresaw it. */
export function describeStartFailure(error: unknown): string {
  if (error instanceof StartError || error instanceof ConfigError || error instanceof AppError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  if (/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET)$/.test(code)) {
    return `The database that DATABASE_URL names cannot be reached (${code}).`;
  }
  if (/^(28P01|28000|3D000)$/.test(code)) return `The database that DATABASE_URL names refuses us: ${error.message}.`;
  return error.stack ?? error.message;
}
