import { PROVIDER_IDS } from '@rollcall/contract';
import { StartError } from '@rollcall/embedded-postgres';
import { list, object, optional, text } from '../consume/read-shape';
import { askSource, callSource, isRedirect, LED_ELSEWHERE, readJson } from './call-source';
import type { SourceApi } from './call-source';
import { toScimGroup, toScimUser } from './foreign-people';
import { foreignId } from './hold-to-bounds';
import { readPages } from './read-pages';
import type { Page } from './read-pages';
import type {
  ForeignGroup,
  ForeignUser,
  Problem,
  Source,
  SourceDirectory,
  SourceOrganization,
  SourceRole,
} from './source';

/** The most that Scalekit gives at once. */
const PAGE = 30;
/** Of how many organizations the directories are asked for at a time. */
const AT_ONCE = 5;

const maybeText = optional(text);
const objects = list(object);

/**
 * A Scalekit environment, read over its REST API.
 * @param baseUrl the environment's address, such as https://acme.scalekit.com
 */
export function readScalekit(
  baseUrl: string,
  { clientId, clientSecret }: { clientId: string; clientSecret: string },
  note: (text: string) => void,
): Source {
  const api = callSource({ baseUrl, note, authorize: () => fetchToken(baseUrl, { clientId, clientSecret }) });
  return {
    service: 'scalekit',
    untold: null,
    readRoles: async () => objects((await api.get('/api/v1/roles'))['roles'], 'roles').flatMap(readRole),
    readOrganizations: () => readOrganizations(api),
    readPeople: (place) => readPeople(api, place),
  };
}

async function fetchToken(baseUrl: string, client: { clientId: string; clientSecret: string }): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client.clientId,
    client_secret: client.clientSecret,
  });
  const response = await askSource(`${baseUrl}/oauth/token`, { method: 'POST', body });
  if (!response.ok) {
    await response.body?.cancel();
    if (isRedirect(response)) throw new StartError(`POST /oauth/token ${LED_ELSEWHERE}`);
    if (response.status >= 500 || response.status === 429) throw new Error(`token ${response.status}`);
    throw new StartError(
      `${baseUrl} does not take SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET (${response.status}): correct them.`,
    );
  }
  return `Bearer ${text(object(await readJson(response, 'POST /oauth/token'), 'token')['access_token'], 'access_token')}`;
}

async function* readOrganizations(api: SourceApi): AsyncGenerator<SourceOrganization | Problem> {
  for await (const found of listPages(api, '/api/v1/organizations', 'organizations')) {
    for (let at = 0; at < found.length; at += AT_ONCE) {
      yield* await Promise.all(
        found.slice(at, at + AT_ONCE).map((organization) => readOrganization(api, organization)),
      );
    }
  }
}

async function readOrganization(api: SourceApi, given: Record<string, unknown>): Promise<SourceOrganization | Problem> {
  const id = foreignId(given['id'], 'id');
  try {
    const path = `/api/v1/organizations/${encodeURIComponent(id)}/directories`;
    const directories = objects((await api.get(path))['directories'], 'directories').map(readDirectory);
    const features = objects(optional(object)(given['settings'], 'settings')?.['features'], 'features');
    return {
      id,
      name: maybeText(given['display_name'] || undefined, 'display_name') ?? id,
      externalId: maybeText(given['external_id'] || undefined, 'external_id') ?? null,
      metadata: optional(object)(given['metadata'], 'metadata') ?? {},
      dirSync: features.some(({ name, enabled }) => enabled === true && DIR_SYNC.has(name)),
      createTime: new Date(maybeText(given['create_time'], 'create_time') ?? 0),
      directories,
    };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return { what: `organization ${id}`, message: error.message };
  }
}

const DIR_SYNC: ReadonlySet<unknown> = new Set(['dir_sync', 'scim', 'directory_sync']);

function readDirectory(given: Record<string, unknown>): SourceDirectory {
  const kind = maybeText(given['directory_provider'] || undefined, 'directory_provider') ?? 'CUSTOM';
  const type = maybeText(given['directory_type'] || undefined, 'directory_type') ?? 'SCIM';
  const id = foreignId(given['id'], 'id');
  const listed = (key: string, items: string) => objects(optional(object)(given[key], key)?.[items], `${key}.${items}`);
  return {
    id,
    name: maybeText(given['name'] || undefined, 'name') ?? '',
    provider: type === 'SCIM' ? (PROVIDER_IDS.find((known) => known === kind) ?? 'CUSTOM') : null,
    kind: type === 'SCIM' ? kind : `${kind} ${type}`,
    enabled: given['enabled'] === true,
    address: maybeText(given['directory_endpoint'] || undefined, 'directory_endpoint') ?? null,
    assignments: listed('role_assignments', 'assignments').map((one) => ({
      groupId: text(one['group_id'], 'group_id'),
      roleName: text(one['role_name'] || one['role_id'], 'role_name'),
    })),
    mappings: listed('attribute_mappings', 'attributes').map((one) => ({
      key: text(one['key'], 'key'),
      mapTo: text(one['map_to'], 'map_to'),
    })),
    isEmpty: given['total_users'] === 0 && given['total_groups'] === 0,
  };
}

async function* readPeople(
  api: SourceApi,
  { organizationId, directoryId }: { organizationId: string; directoryId: string },
): AsyncGenerator<ForeignGroup | ForeignUser> {
  const path = `/api/v1/organizations/${encodeURIComponent(organizationId)}/directories/${encodeURIComponent(directoryId)}`;
  for await (const given of readAll(api, `${path}/groups`, 'groups')) {
    yield { id: foreignId(given['id'], 'id'), body: toScimGroup(given, detailOf(given, 'group_detail')) };
  }
  for await (const given of readAll(api, `${path}/users`, 'users')) {
    const groupIds = objects(given['groups'], 'groups').map(({ id }) => text(id, 'groups.id'));
    yield { id: foreignId(given['id'], 'id'), body: toScimUser(given, detailOf(given, 'user_detail')), groupIds };
  }
}

function detailOf(given: Record<string, unknown>, key: string): Record<string, unknown> {
  return optional(object)(given[key], key) ?? {};
}

async function* readAll(api: SourceApi, path: string, items: string): AsyncGenerator<Record<string, unknown>> {
  for await (const found of listPages(api, path, items, 'include_detail=true&')) yield* found;
}

function listPages(api: SourceApi, path: string, items: string, query = ''): AsyncGenerator<Page['items']> {
  return readPages(`GET ${path}`, async (token) => {
    const page = await api.get(`${path}?${query}page_size=${PAGE}&page_token=${encodeURIComponent(token)}`);
    const next = maybeText(page['next_page_token'] || undefined, 'next_page_token') ?? '';
    return { items: objects(page[items], items), next };
  });
}

/** Roles of the environment: those of one organization are its own there, and there are none such here. */
function readRole(given: Record<string, unknown>): SourceRole[] {
  if (given['is_org_role'] === true) return [];
  const name = text(given['name'], 'name');
  return [
    {
      name,
      displayName: maybeText(given['display_name'] || undefined, 'display_name') ?? name,
      description: maybeText(given['description'] || undefined, 'description') ?? '',
      isDefault: given['default_member'] === true,
    },
  ];
}
