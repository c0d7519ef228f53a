import { explainFields, explainRoles, normalizeUser } from '@rollcall/events';
import type { DirectoryScope, Origin, PersonFinding, UserExplanation } from '@rollcall/management';
import { publicId } from '@rollcall/platform';
import { userContext } from '../people/render-people';
import { renderRequest } from '../requests/render-request';
import type { PersonFindingAnswer, UserExplanationAnswer } from './explain.dto';

/** Where the values of a user come from, as the APIs show it. */
export function renderExplanation(scope: DirectoryScope, explanation: UserExplanation): UserExplanationAnswer {
  const { user, rules, origins, created, memberships, held, isPending } = explanation;
  const published = user.is_published
    ? { email: user.published_email, preferred_username: user.published_username }
    : null;
  const surroundings = {
    userId: user.id,
    groups: user.groups,
    published,
    managerOf: () => ({ name: user.manager_name }),
  };
  const data = normalizeUser(user.resource, surroundings, userContext(scope, rules));
  return {
    user_id: data.id,
    published: user.is_published,
    pending: isPending,
    fields: explainFields(user.resource, data, rules).map(({ field, value, scimPath }) => ({
      field,
      value,
      scim_path: scimPath,
      ...renderOrigin(origins.get(field) ?? (isThere(value) ? created : undefined)),
    })),
    roles: explainRoles(user.resource, data, user.groups, rules).map(({ roleName, source, scimPath, groups }) => ({
      role_name: roleName,
      source,
      scim_path: scimPath,
      groups: groups.map(({ id, name }) => ({ id: publicId('dirgroup', id), name })),
    })),
    memberships: user.groups.map(({ id, name }) => ({
      group_id: publicId('dirgroup', id),
      name,
      ...renderOrigin(memberships.get(id)),
    })),
    held: held && { kind: held.kind, held_time: held.time.toISOString(), discarded: held.isDiscarded },
  };
}

/** What is known of somebody by name. */
export function renderFinding({ verdict, userId, requests }: PersonFinding): PersonFindingAnswer {
  return {
    verdict,
    user_id: userId === null ? null : publicId('diruser', userId),
    requests: requests.map(renderRequest),
  };
}

function renderOrigin(origin: Origin | undefined) {
  return {
    time: origin?.time?.toISOString() ?? null,
    request_id: origin?.requestId ? publicId('req', origin.requestId) : null,
  };
}

function isThere(value: unknown): boolean {
  return value !== null && !(Array.isArray(value) && value.length === 0);
}
