/** A bearer token whose hash was verified: which of its directory's secrets it is. */
export interface ScimCaller {
  directoryId: string;
  secretId: string;
  secretVersion: number;
}

/** Whether the token may act now, read together with the operation. */
export type CallerState = 'ok' | 'unknown' | 'revoked' | 'expired' | 'disabled' | 'feature_off';

/** What every call answers beside its result; `AdmittedCalls` reads it. With a state other than 'ok' nothing was read or written. */
export interface Admission {
  state: CallerState;
  /** The secret's last use should be recorded (`touchSecrets`), not awaited. */
  touch: boolean;
}
