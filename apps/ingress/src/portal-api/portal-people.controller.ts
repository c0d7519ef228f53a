import { Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { exportDirectoryUsers, findDirectoryGroup, findDirectoryUser } from '@rollcall/management';
import type { PortalSessionView, Writer } from '@rollcall/management';
import { STREAM_PACE } from '../http/context.module';
import { RequestWriter } from '../http/request-writer';
import { streamAtPace } from '../http/stream-at-pace';
import type { Pace } from '../http/stream-at-pace';
import { StreamSlots } from '../http/stream-slots';
import type { StreamLimits } from '../http/stream-slots';
import { LongRead } from '../http/take-turn.interceptor';
import { directoryIdParam } from '../management/directories/directory-path';
import { Pager } from '../management/paging/pager';
import { answerGroups, answerMembers, answerUsers, readUserFilter } from '../management/people/answer-people';
import { DetailQuery, GroupsQuery, MembersQuery, UsersQuery } from '../management/people/people.dto';
import { groupIdParam, userIdParam } from '../management/people/person-path';
import { renderGroup, renderUser, userContext } from '../management/people/render-people';
import { renderUserCsv, USERS_CSV_HEADER } from '../management/people/render-users-csv';
import { PortalController } from './portal-controller';
import { scopeOf, Session } from './portal-session.guard';

/** Exports that a process runs at a time, those of one environment among them, and of one organization. */
const EXPORTS: StreamLimits = {
  what: 'exports',
  code: 'too_many_exports',
  max: 8,
  perEnvironment: 4,
  perOrganization: 1,
};

/** A reader that is as slow as may be gets 90 MB by then, which is some hundred thousand people; its place is another's afterwards. */
const EXPORT_MS = 30 * 60_000;

/** The users and groups of the organization's directories, as its admin sees them. */
@PortalController('/directories')
export class PortalPeopleController {
  private readonly slots = new StreamSlots(EXPORTS);

  constructor(
    @InjectDataSource() readonly dataSource: DataSource,
    readonly pager: Pager,
    @Inject(STREAM_PACE) private readonly pace: Pace,
  ) {}

  @Get(':directory_id/users')
  @LongRead()
  listUsers(
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Query() query: UsersQuery,
  ) {
    return answerUsers(this, { ...scopeOf(session), directoryId }, query);
  }

  /** The users of a list as a file, written while it is read; what is asked for is in the audit log. */
  @Get(':directory_id/users.csv')
  @LongRead()
  async exportUsers(
    @RequestWriter() writer: Writer,
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Query() query: UsersQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const scope = { ...scopeOf(session), directoryId };
    const giveBack = this.slots.take(scope.environmentId, scope.organizationId);
    try {
      const { rules, slices } = await exportDirectoryUsers(writer, scope, readUserFilter(query));
      const context = userContext(scope, rules);
      const lines = async function* (): AsyncGenerator<string> {
        yield USERS_CSV_HEADER;
        for await (const users of slices) yield users.map((user) => renderUserCsv(renderUser(user, context))).join('');
      };
      const body = streamAtPace(lines(), { ...this.pace, totalMs: EXPORT_MS }, giveBack);
      // Not awaited: it has no connection between two slices, so it keeps no other request from its turn until it is sent.
      void reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="users.csv"')
        .send(body);
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  @Get(':directory_id/users/:user_id')
  async getUser(
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @userIdParam() userId: string,
    @Query() { include_detail: detail }: DetailQuery,
  ) {
    const scope = { ...scopeOf(session), directoryId };
    const { user, rules } = await findDirectoryUser(this.dataSource, scope, userId);
    return { user: renderUser(user, userContext(scope, rules), detail) };
  }

  @Get(':directory_id/groups')
  @LongRead()
  listGroups(
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Query() query: GroupsQuery,
  ) {
    return answerGroups(this, { ...scopeOf(session), directoryId }, query);
  }

  @Get(':directory_id/groups/:group_id')
  async getGroup(
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @groupIdParam() groupId: string,
    @Query() { include_detail: detail }: DetailQuery,
  ) {
    const scope = { ...scopeOf(session), directoryId };
    return { group: renderGroup(await findDirectoryGroup(this.dataSource, scope, groupId), scope, detail) };
  }

  @Get(':directory_id/groups/:group_id/members')
  @LongRead()
  listMembers(
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @groupIdParam() groupId: string,
    @Query() query: MembersQuery,
  ) {
    return answerMembers(this, { ...scopeOf(session), directoryId }, groupId, query);
  }
}
