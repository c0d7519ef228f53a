import type { DataSource, EntityManager } from 'typeorm';
import { isLockTimeout, runStatement, tenantTransaction } from '@rollcall/database';
import { AppError } from '@rollcall/platform';

/** How long a request with a key is done once. Maintenance deletes a key within the hour after. */
export const IDEMPOTENCY_KEPT_HOURS = 24;

/** When somebody else may try what a request has claimed and not carried out: its process has died by then. */
const CLAIM_SECONDS = 60;

/** A try that is in its transaction holds the key's row: another one is told so after this, and does not wait for its end. */
const CLAIM_WAIT_MS = 1_000;

/** A request of the management API under the key that its sender gave it. */
export interface IdempotentRequest {
  environmentId: string;
  /** Of the key and of whose it is. */
  keyHash: string;
  /** Of everything that the request asks for. */
  requestHash: string;
  /** Names this try of it. */
  claim: string;
}

/** What the request was answered when it was carried out. */
export interface KeptAnswer {
  status: number;
  sealedAnswer: string;
}

interface KeyRow {
  request_hash: string;
  carried_out: boolean;
  /** Whether the process that claimed it may still be at it, and its answer come. */
  is_claimed: boolean;
  status: number | null;
  sealed_answer: string | null;
}

/**
 * Claims a request for one try, unless it was carried out before: then its answer. A claim that ended with its process is taken over.
 * Throws AppError `idempotency_key_reused` when the key came with another request, `idempotency_key_in_use` while another try is
 * under way, `idempotency_answer_lost` when it was carried out and its answer is not kept.
 */
export async function claimIdempotencyKey(
  dataSource: DataSource,
  request: IdempotentRequest,
): Promise<KeptAnswer | null> {
  const { environmentId, keyHash, requestHash, claim } = request;
  const claimed = tenantTransaction(
    dataSource,
    { environmentId },
    async (manager) => {
      const { affected } = await runStatement(manager, CLAIM, [
        environmentId,
        keyHash,
        requestHash,
        claim,
        CLAIM_SECONDS,
        IDEMPOTENCY_KEPT_HOURS,
      ]);
      if (affected > 0) return null;
      const { rows } = await runStatement<KeyRow>(
        manager,
        `SELECT request_hash, carried_out, claimed_until > now() AS is_claimed, status, sealed_answer FROM idempotency_keys
       WHERE environment_id = $1 AND key_hash = $2`,
        [environmentId, keyHash],
      );
      return answerOf(rows[0], requestHash);
    },
    CLAIM_WAIT_MS,
  );
  return claimed.catch((error: unknown) => {
    throw isLockTimeout(error) ? inUse() : error;
  });
}

const CLAIM = `INSERT INTO idempotency_keys AS k (environment_id, key_hash, request_hash, claim, claimed_until)
  VALUES ($1, $2, $3, $4, now() + $5 * interval '1 second')
  ON CONFLICT (environment_id, key_hash) DO UPDATE SET request_hash = excluded.request_hash, claim = excluded.claim,
    claimed_until = excluded.claimed_until, carried_out = false, status = NULL, sealed_answer = NULL, create_time = now()
  WHERE NOT k.carried_out AND k.claimed_until < now() OR k.create_time < now() - $6 * interval '1 hour'`;

function answerOf(row: KeyRow | undefined, requestHash: string): KeptAnswer {
  if (row && row.request_hash !== requestHash) {
    throw new AppError({
      kind: 'refused',
      code: 'idempotency_key_reused',
      message: 'This Idempotency-Key came with another request before. Send a new key with a new request.',
    });
  }
  // A row that is gone was given back a moment ago.
  if (!row?.carried_out) throw inUse();
  const { status, sealed_answer: sealedAnswer } = row;
  if (status === null || sealedAnswer === null) {
    if (row.is_claimed) throw inUse();
    throw new AppError({
      kind: 'conflict',
      code: 'idempotency_answer_lost',
      message:
        'A request with this Idempotency-Key was carried out, but its answer is not kept. Look up what it made before you send it with a new key.',
    });
  }
  return { status, sealedAnswer };
}

function inUse(): AppError {
  return new AppError({
    kind: 'conflict',
    code: 'idempotency_key_in_use',
    message: 'A request with this Idempotency-Key is under way. Send it again in a second for its answer.',
    retryAfterSeconds: 1,
  });
}

/**
 * Notes, in the transaction of what a request changes, that it is carried out: neither is there without the other. Throws AppError
 * `idempotency_key_in_use` when the claim was taken over meanwhile.
 */
export async function noteCarriedOut(
  manager: EntityManager,
  { environmentId, keyHash, claim }: IdempotentRequest,
): Promise<void> {
  const { affected } = await runStatement(
    manager,
    `UPDATE idempotency_keys SET carried_out = true WHERE environment_id = $1 AND key_hash = $2 AND claim = $3`,
    [environmentId, keyHash, claim],
  );
  if (affected === 0) throw inUse();
}

/** Keeps the answer for whoever sends the request again. */
export async function keepAnswer(
  dataSource: DataSource,
  { environmentId, keyHash, claim }: IdempotentRequest,
  { status, sealedAnswer }: KeptAnswer,
): Promise<void> {
  await tenantTransaction(dataSource, { environmentId }, (manager) =>
    runStatement(
      manager,
      `UPDATE idempotency_keys SET carried_out = true, status = $4, sealed_answer = $5
       WHERE environment_id = $1 AND key_hash = $2 AND claim = $3`,
      [environmentId, keyHash, claim, status, sealedAnswer],
    ),
  );
}

/** Gives a claim back whose request was refused or has failed: with the same key it is tried anew. One that was carried out stays. */
export async function releaseIdempotencyKey(
  dataSource: DataSource,
  { environmentId, keyHash, claim }: IdempotentRequest,
): Promise<void> {
  await tenantTransaction(dataSource, { environmentId }, (manager) =>
    runStatement(
      manager,
      `DELETE FROM idempotency_keys WHERE environment_id = $1 AND key_hash = $2 AND claim = $3 AND NOT carried_out`,
      [environmentId, keyHash, claim],
    ),
  );
}
