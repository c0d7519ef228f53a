import { Get, Query } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse } from '@nestjs/swagger';
import { DataSource, InjectDataSource } from '@rollcall/database';
import { explainUser, findPerson } from '@rollcall/management';
import { LongRead } from '../../http/take-turn.interceptor';
import { Access } from '../access/access';
import { EnvironmentId } from '../access-token.guard';
import { DIRECTORY_PATH, directoryIdParam, organizationIdParam } from '../directories/directory-path';
import { ManagementController } from '../management-controller';
import { userIdParam } from '../people/person-path';
import { PersonFindingAnswer, PersonQuery, UserExplanationAnswer } from './explain.dto';
import { renderExplanation, renderFinding } from './render-explanation';

/** A user's id before an action such as `:explain`: the router must not take the action for a part of the id. */
export const USER_ACTION_PARAMETER = ':user_id(^[^/:]+)';

@ManagementController('Directory users and groups', DIRECTORY_PATH)
@ApiParam({ name: 'organization_id', type: String })
@ApiParam({ name: 'directory_id', type: String })
export class ExplainController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get(`users/${USER_ACTION_PARAMETER}::explain`)
  @LongRead()
  @Access('read', 'own')
  @ApiOperation({
    operationId: 'explainDirectoryUser',
    summary: 'Say of each value of a user where it comes from: attribute, time and request',
  })
  @ApiParam({ name: 'user_id', type: String })
  @ApiResponse({ status: 200, type: UserExplanationAnswer })
  async explain(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @userIdParam() userId: string,
  ): Promise<UserExplanationAnswer> {
    const scope = { environmentId, organizationId, directoryId };
    return renderExplanation(scope, await explainUser(this.dataSource, scope, userId));
  }

  @Get('users::find')
  @Access('read', 'own')
  @ApiOperation({
    operationId: 'findPerson',
    summary: 'Find out by name whether somebody is in the directory, and why not',
  })
  @ApiResponse({ status: 200, type: PersonFindingAnswer })
  async find(
    @EnvironmentId() environmentId: string,
    @organizationIdParam() organizationId: string,
    @directoryIdParam() directoryId: string,
    @Query() { name }: PersonQuery,
  ): Promise<PersonFindingAnswer> {
    return renderFinding(await findPerson(this.dataSource, { environmentId, organizationId, directoryId }, name));
  }
}
