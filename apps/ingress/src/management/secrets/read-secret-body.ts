import type { SecretOptions } from '@rollcall/management';
import type { CreateSecretBody, RegenerateSecretBody } from './secret.dto';

/** A token beside the others. */
export function readSecretBody({ expires_in }: CreateSecretBody): SecretOptions {
  return { expiresIn: expires_in ?? undefined };
}

/** A token in place of the others, which end at once unless `overlap_seconds` lets them go on. */
export function readRegenerateBody({
  overlap_seconds: overlapSeconds = 0,
  ...body
}: RegenerateSecretBody): SecretOptions {
  return { ...readSecretBody(body), overlapSeconds };
}
