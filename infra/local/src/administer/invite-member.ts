import { MEMBER_ROLES } from '@rollcall/contract';
import type { MemberRole } from '@rollcall/contract';
import { asOwner } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { StartError } from '@rollcall/embedded-postgres';
import { asOperator, invitationUrl, inviteMember } from '@rollcall/management';
import { hashOpaqueToken, newId, newOpaqueToken, publicId } from '@rollcall/platform';
import { chooseEnvironment } from './choose-environment';

export interface InvitationCommand {
  readonly ownerUrl: string;
  readonly publicUrl: string;
  readonly json: boolean;
  readonly say: (text: string) => void;
}

/**
 * Invites somebody to the dashboard of an environment and prints the link: the way in for an owner who is locked out. Throws a
 * StartError for an option that is wrong, AppError `member_exists`, `too_many_members`.
 */
export async function inviteByCommand(
  { ownerUrl, publicUrl, json, say }: InvitationCommand,
  options: { environment?: string; email?: string; role?: string },
): Promise<void> {
  const role = MEMBER_ROLES.find((known) => known === (options.role ?? 'owner'));
  if (!role) throw new StartError(`--role must be one of ${MEMBER_ROLES.join(', ')}.`);
  if (options.email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(options.email)) {
    throw new StartError('--email must be an e-mail address.');
  }
  await asOwner(ownerUrl, async (dataSource) => {
    const environmentId = await chooseEnvironment(dataSource, options.environment);
    const { token, expireTime } = await makeInvitation(dataSource, environmentId, {
      email: options.email ?? null,
      role,
    });
    const made = {
      environment_id: publicId('env', environmentId),
      email: options.email ?? null,
      role,
      expire_time: expireTime.toISOString(),
      dashboard_invitation_url: invitationUrl(publicUrl, token),
    };
    if (json) return say(JSON.stringify(made));
    say('The link is shown this once and works once:');
    for (const [field, value] of Object.entries(made)) say(`  ${field.padEnd(26)}${value ?? 'whoever has the link'}`);
  });
}

/** Makes an invitation in an operator's name. The token is in clear only here. */
export async function makeInvitation(
  dataSource: DataSource,
  environmentId: string,
  { email, role }: { email: string | null; role: MemberRole },
): Promise<{ token: string; expireTime: Date }> {
  const token = newOpaqueToken();
  const asked = { id: newId(), email, role, tokenHash: hashOpaqueToken(token) };
  const { expireTime } = await inviteMember(asOperator(dataSource), environmentId, asked);
  return { token, expireTime };
}
