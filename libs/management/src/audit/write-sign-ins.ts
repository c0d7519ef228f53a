import type { DataSource } from 'typeorm';
import { callFunction, poolOf } from '@rollcall/database';
import type { Author } from '@rollcall/database';

/** Whom a sign-in names: a client by its id as the API shows it, a directory or a member by its bare id. */
export interface SignInTarget {
  type: 'api_client' | 'directory' | 'member';
  id: string;
}

/** Why somebody was refused. */
export type SignInRefusal =
  | 'disabled'
  | 'expired'
  | 'feature_off'
  | 'invalid_token'
  | 'revoked'
  | 'too_many_attempts'
  | 'unknown'
  | 'wrong_code'
  | 'wrong_password'
  | 'wrong_secret';

/** An attempt to sign in. */
export interface SignIn {
  action: 'sign_in.refused' | 'sign_in.succeeded';
  target: SignInTarget;
  reason: SignInRefusal | null;
  origin: Omit<Author, 'actor'>;
}

/** One that is written; bare id. */
export interface SignInRow extends SignIn {
  id: string;
  /** How many it stands for, the origin being that of the last; null: one by itself. */
  count: number | null;
}

/**
 * Writes sign-ins in the audit logs of those whom they name, with one statement; those that name nobody are written nowhere. A row
 * that is there already is counted up. Returns whom there is.
 */
export async function writeSignIns(dataSource: DataSource, rows: readonly SignInRow[]): Promise<SignInTarget[]> {
  const asked = rows.map(({ id, action, target, reason, count, origin }) => ({
    id,
    action,
    target_type: target.type,
    target_id: target.id,
    reason,
    count,
    ip_address: origin.ipAddress,
    request_id: origin.requestId,
  }));
  const known = await callFunction<{ target_type: SignInTarget['type']; target_id: string }>(
    poolOf(dataSource),
    'record_sign_ins',
    [JSON.stringify(asked)],
  );
  return known.map(({ target_type: type, target_id: id }) => ({ type, id }));
}
