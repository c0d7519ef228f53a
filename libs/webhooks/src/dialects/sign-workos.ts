import { createHmac } from 'node:crypto';

/** What is signed: one attempt. */
export interface WorkosSigning {
  timestamp: Date;
  body: string;
  /** Live secrets, newest first. */
  secrets: readonly string[];
  /** The number of the attempt, from 1; one that goes on with an event has that of the one before. */
  attempt: number;
}

/**
 * The header `workos-signature` (`constructEvent` of `@workos-inc/node`): HMAC-SHA256 of `time.body`, by the characters of the secret.
 * It has room for one signature. While several secrets are live the attempts take turns, so that a receiver with any of them
 * accepts one of the first.
 * @throws TypeError without a secret
 */
export function signWorkos({ timestamp, body, secrets, attempt }: WorkosSigning): { 'workos-signature': string } {
  const secret = secrets[(attempt - 1) % secrets.length];
  if (secret === undefined) throw new TypeError('a webhook is signed with at least one secret');
  const time = timestamp.getTime();
  const signature = createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');
  return { 'workos-signature': `t=${time}, v1=${signature}` };
}
