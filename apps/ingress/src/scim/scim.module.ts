import { Module } from '@nestjs/common';
import { BulkController } from './bulk/bulk.controller';
import { DiscoveryController } from './discovery/discovery.controller';
import { GroupsController } from './groups/groups.controller';
import { ScimContext } from './scim-context';
import { RequestRecorder } from './requests/record-requests';
import { SearchController } from './search/search.controller';
import { UsersController } from './users/users.controller';
import { VersionController } from './version/version.controller';

/** SCIM 2.0 (RFC 7643, RFC 7644) at `/scim/{directory}/v2`. Every request to it was authenticated before: `authenticateScim`. */
@Module({
  controllers: [
    UsersController,
    GroupsController,
    DiscoveryController,
    SearchController,
    BulkController,
    VersionController,
  ],
  providers: [ScimContext, RequestRecorder],
})
export class ScimModule {}
