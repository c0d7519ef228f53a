import { Inject, Injectable } from '@nestjs/common';
import { parseId } from '@rollcall/platform';
import type { WakeUps } from '@rollcall/queue';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { decideDeprovisioning, listHeldUsers } from '@rollcall/management';
import type { DirectoryScope, HoldDecision } from '@rollcall/management';
import { HINT_QUEUE } from '../../http/context.module';
import { Pager } from '../paging/pager';
import type { DecideDeprovisioningBody, DeprovisioningItem, HeldUserList, HeldUsersQuery } from './deprovisioning.dto';
import { renderDeprovisioning, renderHeldUser } from './render-deprovisioning';

/** Held deprovisionings of a directory and the decisions about them; the scope is the caller's. */
@Injectable()
export class DeprovisioningService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    @Inject(HINT_QUEUE) private readonly wakeUps: WakeUps,
    @Inject(Pager) private readonly pager: Pager,
  ) {}

  async listHeldUsers(scope: DirectoryScope, query: HeldUsersQuery): Promise<HeldUserList> {
    const { state, include_detail: detail = false } = query;
    const list = ['held_users', ...Object.values(scope), state];
    const filter = state === undefined ? {} : { discarded: state === 'DISCARDED' };
    const page = await listHeldUsers(this.dataSource, scope, filter, this.pager.read(query, ...list));
    return { held_users: page.rows.map((row) => renderHeldUser(row, detail)), ...this.pager.info(page, ...list) };
  }

  async decide(
    scope: DirectoryScope,
    action: HoldDecision['action'],
    { user_ids: userIds }: DecideDeprovisioningBody,
  ): Promise<DeprovisioningItem> {
    const { view, started } = await decideDeprovisioning(this.dataSource, scope, {
      action,
      userIds: userIds?.map((id) => parseId('diruser', id) ?? '') ?? null,
    });
    if (started) this.wakeUps.drainDirectory(scope.directoryId);
    return renderDeprovisioning(view);
  }
}
