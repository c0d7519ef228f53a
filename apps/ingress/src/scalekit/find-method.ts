import type { DescMethod } from '@bufbuild/protobuf';
import { DirectoryService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/directories/directories_pb';
import { EventsService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/events/events_pb';
import { OrganizationService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb';
import { RolesService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/roles/roles_pb';

/** The services of Scalekit's that there is something of here. */
export const SERVICES = [OrganizationService, DirectoryService, EventsService, RolesService];

const METHODS = new Map(SERVICES.flatMap(({ methods }) => methods.map((method) => [pathOf(method), method])));

/** Where those are that Scalekit has of them. */
export const CALL_PATHS: readonly string[] = [...METHODS.keys()];

/** Where gRPC has a method. */
export function pathOf({ parent, name }: DescMethod): string {
  return `/${parent.typeName}/${name}`;
}

/** The method at a path; undefined when none of the services has one there. */
export function findMethod(path: string | undefined): DescMethod | undefined {
  return path === undefined ? undefined : METHODS.get(path);
}

/** Whether a path is one of Scalekit's methods, of whichever service. */
export function isCallPath(path: string): boolean {
  return /^\/scalekit\.v1\.\w+\.\w+\/\w+$/.test(path);
}
