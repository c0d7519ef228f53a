import { createHmac } from 'node:crypto';

/** What is signed: one attempt. */
export interface WorkosSigning {
  timestamp: Date;
  body: string;
  secret: string;
}

/**
 * The header `workos-signature` (`constructEvent` of `@workos-inc/node`): HMAC-SHA256 of `time.body`, by the characters of the secret.
 * It has room for one signature: which of several live secrets makes it, `SecretTurns` says.
 */
export function signWorkos({ timestamp, body, secret }: WorkosSigning): { 'workos-signature': string } {
  const time = timestamp.getTime();
  const signature = createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');
  return { 'workos-signature': `t=${time}, v1=${signature}` };
}
