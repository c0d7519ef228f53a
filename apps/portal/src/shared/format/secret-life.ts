import type { DirectorySecret, DirectorySecretStatus } from '@rollcall/sdk';

type Life = Pick<DirectorySecret, 'status' | 'expire_time'>;

/** What a token is worth at `now`: as the server said when it was read, and expired once its time has come since. */
export function secretStatusAt({ status, expire_time }: Life, now: Date): DirectorySecretStatus {
  return status === 'ACTIVE' && endOf(expire_time) <= now.getTime() ? 'EXPIRED' : status;
}

/** Those that are accepted at `now`. */
export function liveSecrets<Secret extends Life>(secrets: readonly Secret[], now: Date): Secret[] {
  return secrets.filter((secret) => secretStatusAt(secret, now) === 'ACTIVE');
}

function endOf(expireTime: string | null): number {
  return expireTime === null ? Infinity : Date.parse(expireTime);
}
