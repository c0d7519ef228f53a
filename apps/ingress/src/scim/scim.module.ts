import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { authenticateScim } from './auth/authenticate-scim';
import { BulkController } from './bulk/bulk.controller';
import { DiscoveryController } from './discovery/discovery.controller';
import { GroupsController } from './groups/groups.controller';
import { ScimContext } from './scim-context';
import { SearchController } from './search/search.controller';
import { UsersController } from './users/users.controller';
import { VersionController } from './version/version.controller';

/** SCIM 2.0 (RFC 7643, RFC 7644) at `/scim/{directory}/v2`. */
@Module({
  controllers: [
    UsersController,
    GroupsController,
    DiscoveryController,
    SearchController,
    BulkController,
    VersionController,
  ],
  providers: [ScimContext],
})
export class ScimModule {
  constructor(host: HttpAdapterHost<FastifyAdapter>, context: ScimContext) {
    authenticateScim(host.httpAdapter.getInstance(), context);
  }
}
