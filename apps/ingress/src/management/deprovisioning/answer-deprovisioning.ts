import { parseId } from '@rollcall/platform';
import type { DataSource } from '@rollcall/database';
import { decideDeprovisioning, listHeldUsers } from '@rollcall/management';
import type { DirectoryScope, HoldDecision, Writer } from '@rollcall/management';
import { answerAndWake } from '../../http/wake-workers.interceptor';
import type { Pager } from '../paging/pager';
import type {
  DecideDeprovisioningBody,
  DeprovisioningAnswer,
  HeldUserList,
  HeldUsersQuery,
} from './deprovisioning.dto';
import { renderDeprovisioning, renderHeldUser } from './render-deprovisioning';

/** A page of the users whose deprovisioning is held, for an app owner and an organization's admin alike. */
export async function answerHeldUsers(
  { dataSource, pager }: { dataSource: DataSource; pager: Pager },
  scope: DirectoryScope,
  query: HeldUsersQuery,
): Promise<HeldUserList> {
  const { state, include_detail: detail = false } = query;
  const filter = state === undefined ? {} : { discarded: state === 'DISCARDED' };
  const list = ['held_users', ...Object.values(scope), state];
  const { page, info } = await pager.list(query, list, (request) => listHeldUsers(dataSource, scope, filter, request));
  return { held_users: page.rows.map((row) => renderHeldUser(row, detail)), ...info };
}

/** Releases or discards what is held, and wakes the worker that carries it out. */
export async function answerDecision(
  writer: Writer,
  scope: DirectoryScope,
  action: HoldDecision['action'],
  { user_ids }: DecideDeprovisioningBody,
) {
  const userIds = user_ids?.map((id) => parseId('diruser', id) ?? '') ?? null;
  const decided = await decideDeprovisioning(writer, scope, { action, userIds });
  return answerAndWake(decided, (view): DeprovisioningAnswer => ({ deprovisioning: renderDeprovisioning(view) }));
}
