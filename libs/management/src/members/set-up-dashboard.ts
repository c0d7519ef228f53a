import type { DataSource } from 'typeorm';
import {
  callFunction,
  enterTenant,
  ofMember,
  poolOf,
  runStatement,
  tenantTransaction,
  writeAuditEntries,
} from '@rollcall/database';
import { AppError } from '@rollcall/platform';
import { insertMember, insertMemberRole } from './insert-member';
import type { NewMember } from './insert-member';
import { aboutMember, memberActor } from './member-target';
import { insertMemberSession } from './open-member-session';
import type { NewMemberSession } from './open-member-session';

/** Whether anybody can sign in to the dashboard yet. */
export async function hasMembers(dataSource: DataSource): Promise<boolean> {
  const [row] = await callFunction<{ found: boolean }>(poolOf(dataSource), 'has_members', []);
  return row?.found ?? false;
}

/** Throws AppError `setup_link_unknown` for a token that sets nothing up (any more). */
export async function requireSetupToken(dataSource: DataSource, setupTokenHash: string): Promise<void> {
  const [row] = await dataSource.query<{ is_known: boolean }[]>(
    'SELECT setup_token_hash IS NOT DISTINCT FROM $1 AS is_known FROM installation',
    [setupTokenHash],
  );
  if (!row?.is_known || (await hasMembers(dataSource))) throw setupLinkUnknown();
}

/**
 * Uses up the link of the first start: makes the first member, owner of every environment that there is, and opens its session, in
 * one transaction. Throws AppError `setup_link_unknown`.
 */
export async function setUpDashboard(
  dataSource: DataSource,
  setupTokenHash: string,
  { member, session }: { member: NewMember; session: NewMemberSession },
): Promise<void> {
  await tenantTransaction(dataSource, ofMember(member.id), async (manager) => {
    const { rows } = await runStatement<{ environment_id: string }>(
      manager,
      'SELECT environment_id FROM take_setup_token($1)',
      [setupTokenHash],
    );
    if (rows.length === 0) throw setupLinkUnknown();
    await insertMember(manager, member);
    const signedIn = await insertMemberSession(manager, member, session);
    const author = { actor: memberActor(member), ...session.origin };
    const joined = {
      action: 'member.joined' as const,
      ...aboutMember(member),
      changes: { role: { from: null, to: 'owner' } },
    };
    for (const { environment_id: environmentId } of rows) {
      await enterTenant(manager, { environmentId, memberId: member.id });
      await insertMemberRole(manager, { environmentId, memberId: member.id, role: 'owner' });
      await writeAuditEntries(manager, environmentId, author, [joined, signedIn]);
    }
  });
}

function setupLinkUnknown(): AppError {
  return new AppError({
    kind: 'gone',
    code: 'setup_link_unknown',
    message:
      'This setup link is not known here, or has been used. Ask an owner for an invitation, or make one on the server: npm run rollcall -- invite-member.',
  });
}
