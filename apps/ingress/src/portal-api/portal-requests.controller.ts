import { Get, Query } from '@nestjs/common';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { explainUser, findPerson, findRequest } from '@rollcall/management';
import type { PortalSessionView } from '@rollcall/management';
import { LongRead } from '../http/take-turn.interceptor';
import { directoryIdParam } from '../management/directories/directory-path';
import { PersonQuery } from '../management/explain/explain.dto';
import { USER_ACTION_PARAMETER } from '../management/explain/explain.controller';
import { renderExplanation, renderFinding } from '../management/explain/render-explanation';
import { Pager } from '../management/paging/pager';
import { userIdParam } from '../management/people/person-path';
import { answerRequests } from '../management/requests/answer-requests';
import { renderTrace } from '../management/requests/render-request';
import { RequestsQuery } from '../management/requests/request.dto';
import { requestIdParam } from '../management/requests/requests.controller';
import { PortalController } from './portal-controller';
import { scopeOf, Session } from './portal-session.guard';

/** What came from the identity provider of the session's organization, and what became of it: the same answers as the management API. */
@PortalController('/directories/:directory_id')
export class PortalRequestsController {
  constructor(
    @InjectDataSource() readonly dataSource: DataSource,
    readonly pager: Pager,
  ) {}

  @Get('requests')
  @LongRead()
  list(@Session() session: PortalSessionView, @directoryIdParam() directoryId: string, @Query() query: RequestsQuery) {
    return answerRequests(this, { ...scopeOf(session), directoryId }, query);
  }

  @Get('requests/:request_id')
  @LongRead()
  async get(
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @requestIdParam() requestId: string,
  ) {
    return {
      request: renderTrace(await findRequest(this.dataSource, { ...scopeOf(session), directoryId }, requestId)),
    };
  }

  @Get(`users/${USER_ACTION_PARAMETER}::explain`)
  @LongRead()
  async explain(
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @userIdParam() userId: string,
  ) {
    const scope = { ...scopeOf(session), directoryId };
    return renderExplanation(scope, await explainUser(this.dataSource, scope, userId));
  }

  @Get('users::find')
  async find(
    @Session() session: PortalSessionView,
    @directoryIdParam() directoryId: string,
    @Query() { name }: PersonQuery,
  ) {
    return renderFinding(await findPerson(this.dataSource, { ...scopeOf(session), directoryId }, name));
  }
}
