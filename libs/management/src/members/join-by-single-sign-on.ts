import type { DataSource, EntityManager } from 'typeorm';
import { runStatement, tenantTransaction, writeAuditEntries } from '@rollcall/database';
import type { AuditEntry } from '@rollcall/database';
import { AppError, newId } from '@rollcall/platform';
import { lockEnvironment } from '../environments/lock-environment';
import { foldAddress } from '../mail/fold-address';
import { insertMember, insertMemberRole } from './insert-member';
import { refuseOneMore } from './invite-member';
import { aboutMember, memberActor } from './member-target';
import { insertMemberSession } from './open-member-session';
import type { NewMemberSession } from './open-member-session';
import type { SingleSignOn } from './single-sign-on';

/** What an identity provider has said of somebody, in a token that it signed for us. */
export interface Identity {
  subject: string;
  /** An address that it says it has verified. */
  email: string;
  name: string | null;
}

/**
 * Opens a session of the environment for whom its identity provider names: the member who came with the same subject before, else
 * the one of this environment who has the address, else somebody new, who gets the default role. An account of another environment
 * stays apart, whatever its address: nobody has proved that it is its holder's, and its holder has not asked to be known here. The
 * session reaches this environment alone: what its owner's identity provider says of a member counts nowhere else. Throws AppError `single_sign_on_refused`, `too_many_members`.
 */
export async function joinBySingleSignOn(
  dataSource: DataSource,
  settings: SingleSignOn,
  { identity, session }: { identity: Identity; session: NewMemberSession },
): Promise<void> {
  const { environmentId } = settings;
  refuseOtherDomain(settings, identity.email);
  const known = await findKnown(dataSource, settings, identity);
  const memberId = known ?? newId();
  await tenantTransaction(dataSource, { environmentId, memberId }, async (manager) => {
    await lockEnvironment(manager, environmentId);
    if (known === null) await insertMember(manager, newMember(memberId, identity));
    const member = await readMember(manager, memberId);
    const joined = await giveRole(manager, settings, member);
    await runStatement(
      manager,
      `INSERT INTO member_identities (environment_id, issuer, subject, member_id) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING`,
      [environmentId, settings.issuer, identity.subject, memberId],
    );
    await writeAuditEntries(manager, environmentId, { actor: memberActor(member), ...session.origin }, [
      ...joined,
      await insertMemberSession(manager, member, session),
    ]);
  });
}

/** 403 for whoever may not come in so; why, the message says. */
export function singleSignOnRefused(message: string, cause?: unknown): AppError {
  return new AppError({ kind: 'forbidden', code: 'single_sign_on_refused', message, cause });
}

function refuseOtherDomain({ allowedDomains }: SingleSignOn, email: string): void {
  const domain = foldAddress(email).split('@').at(-1) ?? '';
  if (!allowedDomains.includes(domain)) {
    throw singleSignOnRefused('Your e-mail address is in none of the domains that may sign in here.');
  }
}

async function findKnown(
  dataSource: DataSource,
  { environmentId, issuer }: SingleSignOn,
  { subject, email }: Identity,
): Promise<string | null> {
  return tenantTransaction(dataSource, { environmentId }, async (manager) => {
    const bySubject = await runStatement<{ id: string }>(
      manager,
      'SELECT member_id AS id FROM member_identities WHERE environment_id = $1 AND issuer = $2 AND subject = $3',
      [environmentId, issuer, subject],
    );
    if (bySubject.rows[0]) return bySubject.rows[0].id;
    const byAddress = await runStatement<{ id: string }>(
      manager,
      `SELECT m.id FROM members m JOIN member_roles r ON r.member_id = m.id
       WHERE r.environment_id = $1 AND m.email_key = $2`,
      [environmentId, foldAddress(email)],
    );
    return byAddress.rows[0]?.id ?? null;
  });
}

function newMember(id: string, { email, name }: Identity) {
  return { id, email, name: name?.trim().slice(0, 200) || (email.split('@')[0] ?? email), passwordHash: null };
}

async function readMember(manager: EntityManager, memberId: string): Promise<{ id: string; name: string }> {
  const { rows } = await runStatement<{ id: string; name: string }>(
    manager,
    'SELECT id, name FROM members WHERE id = $1',
    [memberId],
  );
  if (!rows[0]) throw singleSignOnRefused('There is no such account any more. Try again.');
  return rows[0];
}

async function giveRole(
  manager: EntityManager,
  { environmentId, defaultRole: role }: SingleSignOn,
  member: { id: string; name: string },
): Promise<AuditEntry[]> {
  const { rows } = await runStatement(
    manager,
    'SELECT 1 FROM member_roles WHERE environment_id = $1 AND member_id = $2',
    [environmentId, member.id],
  );
  if (rows.length > 0) return [];
  if (role === null) throw singleSignOnRefused('You are not a member yet. Ask an owner for an invitation.');
  await refuseOneMore(manager, environmentId);
  await insertMemberRole(manager, { environmentId, memberId: member.id, role });
  const changes = { role: { from: null, to: role }, method: { from: null, to: 'single_sign_on' } };
  return [{ action: 'member.joined', ...aboutMember(member), changes }];
}
