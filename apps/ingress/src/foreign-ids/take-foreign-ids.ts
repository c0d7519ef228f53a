import type { FastifyRequest } from 'fastify';
import { parseId, publicId } from '@rollcall/platform';
import type { DataSource } from '@rollcall/database';
import { BOUNDS, importedId } from '@rollcall/directory';
import { findImported, findImportedPeople, mayBeImported } from '@rollcall/management';

type Fields = Record<string, unknown>;

/** A place in a request that names something. */
interface Place {
  fields: Fields;
  name: string;
  id: string;
}

/** Fields in which a path, a query, a body or a message names an organization, a directory, a user or a group. */
const NAMES = [
  // Messages of Scalekit's.
  'id',
  'organizationId',
  'orgId',
  'directoryId',
  'directoryGroupId',
  'groupId',
  // Paths, queries and bodies of WorkOS'.
  'organization_id',
  'directory_id',
  'user_id',
  'group_id',
  'organization',
  'directory',
  'user',
  'group',
  'before',
  'after',
];

/**
 * Puts our ids in the place of those that things had at the service which they were imported from: an application goes on with the ids
 * that it has kept. Only of ids that are none of ours, and within the environment.
 * @param service whose API the request is of, by its name in `external_ids`
 */
export async function takeForeignIds(
  dataSource: DataSource,
  { environmentId, service }: { environmentId: string; service: string },
  request: FastifyRequest,
): Promise<void> {
  const scope = { environmentId, service };
  const places = placesOf(request).filter(({ id }) => isForeignId(id));
  if (places.length === 0) return;
  put(
    places,
    await findImported(
      dataSource,
      scope,
      places.map(({ id }) => id),
    ),
  );
  const people = places.filter(({ id }) => kindOf(id) !== null);
  if (people.length === 0) return;
  const ids = people.map(({ id }) => id);
  const directoryId = idsOf(request)
    .map((id) => parseId('dir', id))
    .find((id) => id !== null);
  // Of a list whose directory is not named nothing is looked for: each id would be, in every directory that was imported.
  if (!directoryId && people.length > NAMES.length) return;
  // Whether it is there is seen where it is used.
  const own = directoryId
    ? new Map(ids.map((id) => [id, importedId(directoryId, id)]))
    : await findImportedPeople(dataSource, scope, ids);
  put(people, new Map([...own].map(([theirs, id]) => [theirs, publicId(kindOf(theirs) ?? 'diruser', id)])));
}

/** Ids in the places where a request names something. */
export function idsOf(request: FastifyRequest): string[] {
  return placesOf(request).map(({ id }) => id);
}

function placesOf({ params, query, body }: FastifyRequest): Place[] {
  const { identities, filter, roleAssignments } = asFields(body) as {
    identities?: { case?: string };
    filter?: unknown;
    roleAssignments?: { assignments?: unknown } | null;
  };
  const assignments = roleAssignments?.assignments;
  // It is not checked yet: more are refused, and so is what is no list.
  const given: unknown[] = Array.isArray(assignments) ? assignments.slice(0, BOUNDS.roleAssignments) : [];
  const named = [params, query, body, filter, ...given]
    .map(asFields)
    .flatMap((fields) => NAMES.map((name) => ({ fields, name })));
  const identity = identities?.case === 'id' ? [{ fields: identities as Fields, name: 'value' }] : [];
  return [...named, ...identity].flatMap(({ fields, name }) => {
    const id = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return typeof id === 'string' ? [{ fields, name, id }] : [];
  });
}

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

function put(places: readonly Place[], own: ReadonlyMap<string, string>): void {
  for (const { fields, name, id } of places) fields[name] = own.get(id) ?? id;
}

const FOREIGN = /^(?:(?<user>diruser|directory_user)|(?<group>dirgroup|directory_group)|org|dir|directory)_\w{1,64}$/;

/** Whether an id is such as another service gives to an organization, a directory, a user or a group. */
export function isForeignId(id: string): boolean {
  return FOREIGN.test(id) && !mayBeImported(id);
}

/** What of a directory's people an id names at another service; null: none. */
function kindOf(id: string): 'diruser' | 'dirgroup' | null {
  const { user, group } = FOREIGN.exec(id)?.groups ?? {};
  if (user !== undefined) return 'diruser';
  return group === undefined ? null : 'dirgroup';
}
