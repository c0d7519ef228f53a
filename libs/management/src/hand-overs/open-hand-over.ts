import type { DataSource } from 'typeorm';
import { refuseWhileFeatureOff } from '@rollcall/directory';
import { HandOver, readNow, runStatement } from '@rollcall/database';
import type { Author, DirectorySecret } from '@rollcall/database';
import type { SecretHasher } from '@rollcall/platform';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { lockDirectory, requireDirectory } from '../directories/find-directory';
import { lockOrganization } from '../organizations/find-organization';
import { linkUnknown, linkUsed } from '../portal/find-portal-link';
import { issueSecret } from '../secrets/issue-directory-secret';
import { aboutHandOver } from './about-hand-over';
import { refuseOverHandOver } from './find-hand-over';
import type { OpenHandOver } from './find-hand-over';

/** How the list of a directory's tokens calls the one that a hand-over has shown. */
const SECRET_NAME = 'Hand-over';

/** Notes that a hand-over was opened, the first time that it is. Nothing is used up by it. */
export async function openHandOver(
  dataSource: DataSource,
  open: OpenHandOver,
  origin: Omit<Author, 'actor'>,
): Promise<void> {
  const { environmentId, id } = open;
  await recordChange(anybody(dataSource, origin), open, async (manager) => {
    const { rows } = await runStatement(
      manager,
      `UPDATE hand_overs SET opened_time = now() WHERE environment_id = $1 AND id = $2 AND opened_time IS NULL
         AND revoked_time IS NULL AND expire_time > now() RETURNING id`,
      [environmentId, id],
    );
    if (rows.length === 0) return { answer: undefined, entries: [] };
    const directory = await requireDirectory(manager, open);
    return { answer: undefined, entries: [{ action: 'hand_over.opened', ...aboutHandOver(open, directory) }] };
  });
}

export interface ShowTools {
  hasher: Pick<SecretHasher, 'hashGenerated'>;
  /** Of what the page goes on with: the link opens nothing from now on. */
  pageHash: string;
  /** Where the request comes from; nobody has shown who they are. */
  origin: Omit<Author, 'actor'>;
}

/**
 * Issues the bearer token of a hand-over, in one transaction with the end of its link: of two pages that ask, one gets it, and only that
 * one goes on. Throws AppError as `findHandOver`, 410 `link_used` also for the page that has shown it, and 422 `too_many_secrets`.
 */
export async function showHandOverToken(
  dataSource: DataSource,
  open: OpenHandOver,
  { hasher, pageHash, origin }: ShowTools,
): Promise<{ token: string; secret: DirectorySecret }> {
  const { environmentId, id, tokenHash } = open;
  return recordChange(anybody(dataSource, origin), open, async (manager) => {
    // It stays as it is until the token is issued: nothing is issued once a switch-off or a revocation was answered.
    refuseWhileFeatureOff(await lockOrganization(manager, open, 'pessimistic_read'));
    // Before the hand-over, as when the directory is deleted.
    const directory = await lockDirectory(manager, open);
    const handOver = await manager.findOne(HandOver, {
      where: { environmentId, id },
      lock: { mode: 'pessimistic_write' },
    });
    if (!handOver) throw linkUnknown();
    refuseOverHandOver(handOver, tokenHash, await readNow(manager));
    if (handOver.tokenShownTime !== null) throw linkUsed();
    const { token, secret, entry } = await issueSecret(manager, hasher, open, { name: SECRET_NAME });
    await runStatement(
      manager,
      `UPDATE hand_overs SET token_shown_time = now(), opened_time = coalesce(opened_time, now()), secret_id = $3, page_hash = $4
       WHERE environment_id = $1 AND id = $2`,
      [environmentId, id, secret.id, pageHash],
    );
    return {
      answer: { token, secret },
      entries: [{ action: 'hand_over.token_shown', ...aboutHandOver(handOver, directory) }, entry],
    };
  });
}

/** Whoever has the link: nobody has proved to be anybody. */
function anybody(dataSource: DataSource, origin: Omit<Author, 'actor'>): Writer {
  return { dataSource, author: { actor: { type: 'anonymous', id: null, name: null }, ...origin } };
}
