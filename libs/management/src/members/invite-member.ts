import type { EntityManager } from 'typeorm';
import type { MemberRole } from '@rollcall/contract';
import { refuseBeyondLimit } from '@rollcall/directory';
import { Environment, notFound, runStatement } from '@rollcall/database';
import type { AuditEntry } from '@rollcall/database';
import { AppError, publicId } from '@rollcall/platform';
import { recordChange } from '../audit/record-change';
import type { Writer } from '../audit/record-change';
import { lockEnvironment } from '../environments/lock-environment';
import { foldAddress } from '../mail/fold-address';
import { recallMailsThatBring } from '../mail/recall-mails';
import { writeMail } from '../mail/write-mail';
import type { MailTools } from '../mail/write-mail';
import { composeInvitationMail } from './compose-invitation-mail';

const DAYS = 7;

/** An invitation that can still be accepted; bare id. */
export interface InvitationView {
  id: string;
  /** null: for whoever has its link. */
  email: string | null;
  role: MemberRole;
  expireTime: Date;
}

export interface NewInvitation {
  /** Bare. */
  id: string;
  email: string | null;
  role: MemberRole;
  /** What is stored in place of the link's token. */
  tokenHash: string;
}

/** What an invitation is mailed with. */
export interface InvitationMail {
  tools: MailTools;
  /** The link, which is in clear only here. */
  location: string;
}

/**
 * Invites somebody to an environment, with a mail where this server sends some. An open invitation of the same address ends: the
 * newest link is the one that works. Throws AppError `member_exists`, `too_many_members`, `too_many_mails`.
 */
export async function inviteMember(
  writer: Writer,
  environmentId: string,
  { id, email, role, tokenHash }: NewInvitation,
  mail?: InvitationMail,
): Promise<InvitationView> {
  return recordChange(writer, { environmentId }, async (manager) => {
    await lockEnvironment(manager, environmentId);
    const emailKey = email === null ? null : foldAddress(email);
    if (emailKey !== null) await makeRoom(manager, environmentId, emailKey);
    await refuseOneMore(manager, environmentId);
    const { rows } = await runStatement<{ expire_time: Date }>(
      manager,
      `INSERT INTO member_invitations (environment_id, id, email, email_key, role, token_hash, expire_time)
       VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(days => $7)) RETURNING expire_time`,
      [environmentId, id, email, emailKey, role, tokenHash, DAYS],
    );
    const invitation = { id, email, role, expireTime: rows[0]?.expire_time ?? new Date() };
    if (mail) await mailInvitation(manager, { environmentId, invitation, inviter: writer.author.actor.name }, mail);
    const changes = { role: { from: null, to: role } };
    return { answer: invitation, entries: [{ action: 'member.invited', ...aboutInvitation(invitation), changes }] };
  });
}

async function mailInvitation(
  manager: EntityManager,
  { environmentId, invitation, inviter }: { environmentId: string; invitation: InvitationView; inviter: string | null },
  { tools, location }: InvitationMail,
): Promise<void> {
  const { email: to, role, expireTime } = invitation;
  // Whoever gets no mails is given the link by hand.
  if (to === null || tools.settings.transport === 'none') return;
  const { name } = await manager.findOneByOrFail(Environment, { id: environmentId });
  const text = composeInvitationMail({ environment: name, inviter, role, location, expireTime });
  const expiresIn = DAYS * 86_400;
  const about = { environmentId, organizationId: null, kind: 'invitation' as const, brings: invitation.id };
  const mail = { ...about, to, text, expiresIn };
  try {
    await writeMail(manager, tools, mail);
  } catch (error) {
    // The link is shown as well: an address that has got its share of mails stops no invitation.
    if (!(error instanceof AppError && error.code === 'too_many_mails')) throw error;
  }
}

/** Takes an invitation back. Throws AppError `invitation_not_found`. */
export async function revokeInvitation(writer: Writer, environmentId: string, id: string): Promise<void> {
  await recordChange(writer, { environmentId }, async (manager) => {
    const { rows } = await runStatement<{ id: string; email: string | null }>(
      manager,
      `DELETE FROM member_invitations WHERE environment_id = $1 AND id = $2 AND accepted_time IS NULL RETURNING id, email`,
      [environmentId, id],
    );
    if (!rows[0]) throw notFound('invitation');
    await recallMailsThatBring(manager, environmentId, [id]);
    return { answer: undefined, entries: [{ action: 'invitation.revoked', ...aboutInvitation(rows[0]) }] };
  });
}

/** Throws AppError `too_many_members` when an environment has as many members and open invitations as there can be. */
export async function refuseOneMore(manager: EntityManager, environmentId: string): Promise<void> {
  const { rows } = await runStatement<{ present: string }>(
    manager,
    `SELECT (SELECT count(*) FROM member_roles WHERE environment_id = $1) + (SELECT count(*) FROM member_invitations
       WHERE environment_id = $1 AND accepted_time IS NULL AND expire_time > now()) AS present`,
    [environmentId],
  );
  refuseBeyondLimit('members', Number(rows[0]?.present));
}

/** Also removes what was over a month ago: it is of no use to an error message any more. */
async function makeRoom(manager: EntityManager, environmentId: string, emailKey: string): Promise<void> {
  const { rows } = await runStatement<{ email: string }>(
    manager,
    'SELECT m.email FROM members m JOIN member_roles r ON r.member_id = m.id WHERE r.environment_id = $1',
    [environmentId],
  );
  // Not by email_key: who came with single sign-on has none, and is a member all the same.
  if (rows.some(({ email }) => foldAddress(email) === emailKey)) {
    throw new AppError({
      kind: 'conflict',
      code: 'member_exists',
      message: 'Somebody with this e-mail address is a member already. Change the role there.',
    });
  }
  const removed = await runStatement<{ id: string }>(
    manager,
    `DELETE FROM member_invitations WHERE environment_id = $1
       AND ((email_key = $2 AND accepted_time IS NULL) OR expire_time < now() - interval '30 days') RETURNING id`,
    [environmentId, emailKey],
  );
  await recallMailsThatBring(
    manager,
    environmentId,
    removed.rows.map(({ id }) => id),
  );
}

function aboutInvitation({
  id,
  email,
}: {
  id: string;
  email: string | null;
}): Pick<AuditEntry, 'target' | 'organizationId'> {
  return { target: { type: 'invitation', id: publicId('inv', id), name: email }, organizationId: null };
}
