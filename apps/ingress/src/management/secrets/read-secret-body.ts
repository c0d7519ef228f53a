import { parseId } from '@rollcall/platform';
import type { SecretOptions } from '@rollcall/management';
import type { CreateSecretBody, RegenerateSecretBody } from './secret.dto';

/** A token beside the others. */
export function readSecretBody({ name, expires_in }: CreateSecretBody): SecretOptions {
  return { name: name ?? undefined, expiresIn: expires_in ?? undefined };
}

/**
 * A token in place of one or of all the others, which end at once unless `overlap_seconds` lets them go on, and with
 * `retire_when_seen` once the new one alone is in use.
 */
export function readRegenerateBody({
  secret_id,
  overlap_seconds = 0,
  retire_when_seen,
  ...body
}: RegenerateSecretBody): SecretOptions {
  const secretId = secret_id && (parseId('sec', secret_id) ?? secret_id);
  return {
    ...readSecretBody(body),
    replaces: { secretId, overlapSeconds: overlap_seconds, retireWhenSeen: retire_when_seen },
  };
}
