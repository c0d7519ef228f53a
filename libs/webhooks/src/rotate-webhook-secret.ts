/** Secrets that may sign at one time: the newest and those still overlapping. */
export const MAX_LIVE_SECRETS = 3;
/** Seconds the old secrets keep signing unless the caller says otherwise: one day. */
export const DEFAULT_OVERLAP_SECONDS = 86_400;

/** A stored signing secret; without `expireTime` it is the current one. */
export interface StoredWebhookSecret {
  id: string;
  createTime: Date;
  expireTime: Date | null;
}

/** What a rotation does to the secrets there are, or how long to wait because three would still be live beside it. */
export type SecretRotation =
  | { kind: 'rotate'; expire: { id: string; expireTime: Date }[] }
  | { kind: 'too-many-live-secrets'; retryAt: Date };

/** The secrets that sign at `now`, newest first. */
export function liveSecrets<S extends StoredWebhookSecret>(secrets: readonly S[], now: Date): S[] {
  return secrets
    .filter(({ expireTime }) => expireTime === null || expireTime > now)
    .toSorted((a, b) => b.createTime.getTime() - a.createTime.getTime());
}

/**
 * Decides how a new secret comes in: every live secret stops signing after the overlap, none later than it would have. An
 * overlap of 0 stops them at once, which is how a leaked secret is revoked. A rotation that would leave more than
 * {@link MAX_LIVE_SECRETS} live is refused, because dropping one early would break a receiver without a word.
 */
export function rotateWebhookSecret(
  secrets: readonly StoredWebhookSecret[],
  overlapSeconds: number,
  now: Date,
): SecretRotation {
  const end = new Date(now.getTime() + overlapSeconds * 1000);
  const live = liveSecrets(secrets, now);
  const expire = live.map(({ id, expireTime }) => ({
    id,
    expireTime: expireTime && expireTime < end ? expireTime : end,
  }));
  const remaining = expire.map(({ expireTime }) => expireTime).filter((expireTime) => expireTime > now);
  if (remaining.length < MAX_LIVE_SECRETS) return { kind: 'rotate', expire };
  const first = Math.min(...live.map(({ expireTime }) => (expireTime ?? end).getTime()));
  return { kind: 'too-many-live-secrets', retryAt: new Date(first) };
}
