import { Module } from '@nestjs/common';
import { MemberSessionsModule } from '../dashboard-api/member-sessions.module';
import { MemberAccess } from '../management/access/member-access';
import { AccessTokenGuard } from '../management/access-token.guard';
import { SignInModule } from '../sign-ins/sign-in.module';
import { WorkosDirectoriesController } from './directories.controller';
import { WorkosEventsController } from './events.controller';
import { WorkosOrganizationsController } from './organizations.controller';
import { WorkosGroupsController, WorkosUsersController } from './people.controller';
import { WorkosPortalLinksController } from './portal-links.controller';

/** The part of WorkOS' API that is about directories, for `@workos-inc/node` as it is: an API key of ours in place of theirs. */
@Module({
  imports: [SignInModule, MemberSessionsModule],
  controllers: [
    WorkosOrganizationsController,
    WorkosDirectoriesController,
    WorkosUsersController,
    WorkosGroupsController,
    WorkosPortalLinksController,
    WorkosEventsController,
  ],
  providers: [AccessTokenGuard, MemberAccess],
})
export class WorkosModule {}
