import type { Type } from '@nestjs/common';
import { PortalDeprovisioningController } from '../portal-deprovisioning.controller';
import { PortalDirectoriesController } from '../portal-directories.controller';
import { PortalMappingController } from '../portal-mapping.controller';
import { PortalPeopleController } from '../portal-people.controller';
import { listRoutes } from './list-routes';
import type { PortalRoute } from './list-routes';

/** The controllers of the portal's API whose routes are about a directory. */
const CONTROLLERS: readonly Type[] = [
  PortalDirectoriesController,
  PortalPeopleController,
  PortalDeprovisioningController,
  PortalMappingController,
];

/** Every route about a directory, of things in it that are not there. */
export function listDirectoryRoutes(directoryId: string): PortalRoute[] {
  const ids = {
    directory_id: directoryId,
    secret_id: 'sec_01kag3v2q9x8w7n6m5k4j3h2g1',
    user_id: 'diruser_01kag3v2q9x8w7n6m5k4j3h2g1',
    group_id: 'dirgroup_01kag3v2q9x8w7n6m5k4j3h2g1',
  };
  return CONTROLLERS.flatMap((controller) => listRoutes(controller, ids));
}
