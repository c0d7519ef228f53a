import { applyDecorators, SetMetadata } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { ApiExtension, ApiResponse, ApiSecurity } from '@nestjs/swagger';
import type { ApiScope, MemberRole } from '@rollcall/contract';
import { Problem } from '../problem';

/**
 * What a client of one organization may do at a route.
 * - `own`: the organization stands in the path; at another's it is 404.
 * - `filtered`: it sees what is its organization's and nothing else; the route filters by {@link OrganizationOfClient}.
 * - `shared`: it sees what belongs to the whole environment and concerns every organization.
 * - `refused`: 403, because the route is about the whole environment, or about what an organization is to its owner: whether it is
 *   there, by which external id it is known, which features it has.
 */
export type OrganizationAccess = 'own' | 'filtered' | 'shared' | 'refused';

export interface RouteAccess {
  scope: ApiScope;
  organization: OrganizationAccess;
  /** The least role of a member of the dashboard. */
  member: MemberRole;
}

/** Who reads may be a viewer, who changes something an admin. */
const MEMBER_OF_SCOPE: Record<ApiScope, MemberRole> = { read: 'viewer', write: 'admin' };

const ACCESS = Symbol('ACCESS');

/**
 * States who may call a route: the scope it takes, what a client of one organization may do there, and the least role of a member
 * of the dashboard, where that is not the scope's.
 */
export function Access(
  scope: ApiScope,
  organization: OrganizationAccess,
  member: MemberRole = MEMBER_OF_SCOPE[scope],
): MethodDecorator {
  const access: RouteAccess = { scope, organization, member };
  return applyDecorators(
    SetMetadata(ACCESS, access),
    ApiSecurity('access_token', [scope]),
    // Only OAuth and OpenID Connect have scopes to name here; the description says that they hold for keys, too.
    ApiSecurity('api_key'),
    ApiExtension('x-organization-clients', organization),
    ApiExtension('x-member-role', member),
    ApiResponse({ status: 403, type: Problem, description: describeRefusal(access) }),
  );
}

/** What a route states; undefined when it states nothing, and then nobody may call it. */
export function accessOf(context: ExecutionContext): RouteAccess | undefined {
  return Reflect.getMetadata(ACCESS, context.getHandler()) as RouteAccess | undefined;
}

function describeRefusal({ scope, organization }: RouteAccess): string {
  const scopes = `\`insufficient_scope\`: the client has not the scope \`${scope}\`.`;
  return organization === 'refused' ? `${scopes} \`organization_client\`: it is for one organization.` : scopes;
}
