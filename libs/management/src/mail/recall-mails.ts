import type { MailKind } from '@rollcall/contract';
import { In } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { Mail } from '@rollcall/database';
import { hashOpaqueToken } from '@rollcall/platform';
import type { OrganizationScope } from '../directories/find-directory';
import { foldAddress } from './fold-address';

/**
 * Gives up the mails of a kind that an organization has for an address and that are not sent yet: nobody is to get them any more, and
 * the address does not stay with them. One that is on its way arrives.
 */
export async function recallMails(
  manager: EntityManager,
  { environmentId, organizationId }: OrganizationScope,
  { kind, address }: { kind: MailKind; address: string },
): Promise<void> {
  await manager.update(
    Mail,
    { environmentId, organizationId, kind, addressHash: hashOpaqueToken(foldAddress(address)), state: 'pending' },
    RECALLED,
  );
}

/** The same of the mails that bring links or invitations which open nothing any more, by the bare ids of these. */
export async function recallMailsThatBring(
  manager: EntityManager,
  environmentId: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length > 0) await manager.update(Mail, { environmentId, id: In([...ids]), state: 'pending' }, RECALLED);
}

const RECALLED = {
  state: 'failed',
  failure: 'recalled',
  sealedMessage: null,
  finishTime: () => 'now()',
} as const;
