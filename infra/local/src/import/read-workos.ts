import type { ProviderId } from '@rollcall/contract';
import { list, object, optional, text } from '../consume/read-shape';
import { callSource } from './call-source';
import type { SourceApi } from './call-source';
import { toScimGroup, toScimUser } from './foreign-people';
import { foreignId } from './hold-to-bounds';
import { readPages } from './read-pages';
import type {
  ForeignGroup,
  ForeignUser,
  Problem,
  Source,
  SourceDirectory,
  SourceOrganization,
  SourceRole,
} from './source';

/** The most that WorkOS gives at once. */
const PAGE = 100;

const maybeText = optional(text);
const objects = list(object);

/** Directories that an identity provider sends to over SCIM 2.0; WorkOS itself asks the others. */
const PROVIDERS: Readonly<Record<string, ProviderId>> = {
  'azure scim v2.0': 'MICROSOFT_AD',
  'cyberark scim v2.0': 'CUSTOM',
  'generic scim v2.0': 'CUSTOM',
  'jump cloud scim v2.0': 'JUMPCLOUD',
  'okta scim v2.0': 'OKTA',
  'onelogin scim v2.0': 'ONELOGIN',
  'pingfederate scim v2.0': 'PING_IDENTITY',
  'rippling scim v2.0': 'RIPPLING',
};

/** States of a directory that syncs, or is about to. */
const ENABLED: ReadonlySet<unknown> = new Set(['linked', 'active', 'validating', 'invalid_credentials']);

/**
 * A WorkOS environment, read over its REST API. It does not tell where identity providers send to.
 * @param baseUrl where the API is, such as https://api.workos.com
 */
export function readWorkos(baseUrl: string, apiKey: string, note: (text: string) => void): Source {
  const api = callSource({ baseUrl, note, authorize: () => Promise.resolve(`Bearer ${apiKey}`) });
  return {
    service: 'workos',
    untold:
      'WorkOS’ API does not tell which groups of a directory give a role, and which attributes are mapped: where there are such, set them again here.',
    readRoles: async () => objects((await api.get('/authorization/roles'))['data'], 'data').map(readRole),
    readOrganizations: () => readOrganizations(api),
    readPeople: ({ directoryId }) => readPeople(api, directoryId),
  };
}

async function* readOrganizations(api: SourceApi): AsyncGenerator<SourceOrganization | Problem> {
  const directories = new Map<string, SourceDirectory[]>();
  for await (const given of readAll(api, '/directories')) {
    const directory = readDirectory(given);
    const organizationId = maybeText(given['organization_id'], 'organization_id');
    if (organizationId === undefined) {
      yield {
        what: `directory ${directory.id}`,
        message: 'It belongs to no organization. Give it one at WorkOS first.',
      };
    } else if (given['state'] !== 'deleting') {
      directories.set(organizationId, [...(directories.get(organizationId) ?? []), directory]);
    }
  }
  for await (const given of readAll(api, '/organizations')) {
    const id = foreignId(given['id'], 'id');
    const own = directories.get(id) ?? [];
    yield {
      id,
      name: maybeText(given['name'] || undefined, 'name') ?? id,
      externalId: maybeText(given['external_id'] || undefined, 'external_id') ?? null,
      metadata: optional(object)(given['metadata'], 'metadata') ?? {},
      dirSync: own.some(({ provider }) => provider !== null),
      createTime: new Date(maybeText(given['created_at'], 'created_at') ?? 0),
      directories: own,
    };
  }
}

/** The items of a list, oldest first. */
async function* readAll(api: SourceApi, path: string, filter = ''): AsyncGenerator<Record<string, unknown>> {
  const pages = readPages(`GET ${path}`, async (after) => {
    const page = await api.get(
      `${path}?${filter && `${filter}&`}limit=${PAGE}&order=asc${after && `&after=${encodeURIComponent(after)}`}`,
    );
    const next = object(page['list_metadata'] ?? {}, 'list_metadata')['after'];
    return { items: objects(page['data'], 'data'), next: maybeText(next || undefined, 'after') ?? '' };
  });
  for await (const items of pages) yield* items;
}

function readDirectory(given: Record<string, unknown>): SourceDirectory {
  const kind = text(given['type'], 'type');
  return {
    id: foreignId(given['id'], 'id'),
    name: maybeText(given['name'] || undefined, 'name') ?? '',
    provider: PROVIDERS[kind] ?? null,
    kind,
    enabled: ENABLED.has(given['state']),
    address: null,
    assignments: [],
    mappings: [],
    isEmpty: false,
  };
}

async function* readPeople(api: SourceApi, directoryId: string): AsyncGenerator<ForeignGroup | ForeignUser> {
  const filter = `directory=${encodeURIComponent(directoryId)}`;
  for await (const given of readAll(api, '/directory_groups', filter)) {
    yield { id: foreignId(given['id'], 'id'), body: toScimGroup(given) };
  }
  for await (const given of readAll(api, '/directory_users', filter)) {
    const groupIds = objects(given['groups'], 'groups').map(({ id }) => text(id, 'groups.id'));
    const custom = optional(object)(given['custom_attributes'], 'custom_attributes') ?? {};
    yield { id: foreignId(given['id'], 'id'), body: toScimUser(given, custom), groupIds };
  }
}

function readRole(given: Record<string, unknown>): SourceRole {
  const slug = text(given['slug'], 'slug');
  return {
    name: slug,
    displayName: maybeText(given['name'] || undefined, 'name') ?? slug,
    description: maybeText(given['description'] || undefined, 'description') ?? '',
    isDefault: false,
  };
}
