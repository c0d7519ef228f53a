import type { SecretStatus } from '@rollcall/contract';
import { AppError } from '@rollcall/platform';

const ENDED: Record<SecretStatus, string | null> = {
  ACTIVE: null,
  EXPIRED: 'The secret has expired. Create another one instead.',
  REVOKED: 'The secret is revoked. Create another one instead.',
};

/**
 * Refuses to replace a secret that is not in use any more or has been replaced before.
 * @param status what it is worth now
 * @param isReplaced whether another one took its place already, also while it still works
 * @throws AppError `secret_not_replaceable`
 */
export function refuseReplacing(status: SecretStatus, isReplaced: boolean): void {
  const message = isReplaced
    ? 'The secret was regenerated already. Use the one that took its place, or create another one.'
    : ENDED[status];
  if (message !== null) throw new AppError({ kind: 'conflict', code: 'secret_not_replaceable', message });
}
