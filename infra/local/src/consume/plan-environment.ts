import { StartError } from '@rollcall/embedded-postgres';
import type { DirectoryDetail, Organization, Role, RollcallClient, WebhookEndpoint } from '@rollcall/sdk';
import { findDifferences, toPatch } from './differences';
import type { Difference } from './differences';
import type {
  EnvironmentFile,
  WantedDirectory,
  WantedEndpoint,
  WantedOrganization,
  WantedRole,
} from './environment-file';
import { findOrganization, hasDirectorySync } from './open-directory';

/** What differs from the file, and what brings it about. */
export interface Step {
  readonly action: 'create' | 'update';
  readonly what: string;
  readonly differences: readonly Difference[];
  /** A secret that is shown this once, or nothing. */
  apply(): Promise<{ secret: string } | void>;
}

/** Ids of organizations by external id, also of those that a step before has made. */
type Ids = Map<string, string>;

/**
 * Reads what there is and says what is to be done, in the order in which it can be: roles, the default role, organizations with their
 * directories, webhook endpoints. Nothing is deleted: what the file does not name stays.
 * @throws StartError for an endpoint whose organization is neither there nor in the file; RollcallError
 */
export async function planEnvironment(client: RollcallClient, file: EnvironmentFile): Promise<Step[]> {
  const ids: Ids = new Map();
  const steps = await planRoles(client, file);
  for (const wanted of file.organizations) steps.push(...(await planOrganization(client, wanted, ids)));
  const named = new Set(file.organizations.map(({ external_id: id }) => id));
  for (const id of new Set(file.webhook_endpoints.flatMap(({ organizations = [] }) => organizations))) {
    const known = ids.has(id) ? undefined : await findOrganization(client, id);
    if (known) ids.set(id, known.id);
    else if (!named.has(id))
      throw new StartError(`A webhook endpoint names the organization "${id}", which there is not.`);
  }
  const endpoints: WebhookEndpoint[] = [];
  if (file.webhook_endpoints.length > 0) {
    for await (const endpoint of client.webhookEndpoints.list({ page_size: 100 })) endpoints.push(endpoint);
  }
  return [...steps, ...file.webhook_endpoints.flatMap((wanted) => planEndpoint(client, wanted, endpoints, ids))];
}

async function planRoles(
  client: RollcallClient,
  { roles, default_role: wantedDefault }: EnvironmentFile,
): Promise<Step[]> {
  if (roles.length === 0 && wantedDefault === undefined) return [];
  const present = new Map<string, Role>();
  for await (const role of client.roles.list({ page_size: 100 })) present.set(role.role_name, role);
  const steps = roles.flatMap((wanted: WantedRole): Step[] => {
    const { role_name: name } = wanted;
    const known = present.get(name);
    const what = `role ${name}`;
    if (!known) return [create(what, wanted, () => client.roles.create(wanted))];
    return update(what, findDifferences(wanted, known), (patch) => client.roles.update(name, patch));
  });
  if (wantedDefault === undefined) return steps;
  const presentDefault = [...present.values()].find((role) => role.default_member)?.role_name ?? null;
  const differences = findDifferences({ role_name: wantedDefault }, { role_name: presentDefault });
  return [...steps, ...update('default role', differences, () => client.roles.setDefault(wantedDefault))];
}

async function planOrganization(client: RollcallClient, wanted: WantedOrganization, ids: Ids): Promise<Step[]> {
  const { directories, directory_sync: directorySync, ...fields } = wanted;
  const what = `organization ${wanted.external_id}`;
  const known = await findOrganization(client, wanted.external_id);
  if (known) ids.set(wanted.external_id, known.id);
  const own = known
    ? update(what, findDifferences(fields, asNamed(known, fields)), (patch) =>
        client.organizations.update(known.id, patch),
      )
    : [
        create(what, fields, async () => {
          ids.set(wanted.external_id, (await client.organizations.create(fields)).id);
        }),
      ];
  const idOf = () => ids.get(wanted.external_id) ?? '';
  const present = known !== undefined && hasDirectorySync(known);
  const switched = update(
    `${what}: Directory Sync`,
    findDifferences({ enabled: directorySync }, { enabled: present }),
    () =>
      client.organizations.updateSettings(idOf(), {
        features: [{ name: 'dir_sync', enabled: directorySync ?? false }],
      }),
  );
  const found = new Map<string, DirectoryDetail>();
  if (known && directories.length > 0) {
    for await (const directory of client.directories.list(known.id)) {
      if (!found.has(directory.name)) found.set(directory.name, directory);
    }
  }
  const planned = directories.flatMap((directory) =>
    planDirectory(client, directory, { what, known: found.get(directory.name), idOf }),
  );
  return [...own, ...switched, ...planned];
}

/** An organization as far as the file speaks of it: each key of its metadata counts by itself, and null is that there is none. */
function asNamed(known: Organization, { metadata }: Pick<WantedOrganization, 'metadata'>): object {
  if (!metadata) return known;
  const present = known.metadata as Readonly<Record<string, unknown>>;
  return { ...known, metadata: Object.fromEntries(Object.keys(metadata).map((key) => [key, present[key] ?? null])) };
}

interface Place {
  /** What the organization is called in the plan. */
  what: string;
  known: DirectoryDetail | undefined;
  /** The organization's id, once it is there. */
  idOf: () => string;
}

function planDirectory(
  client: RollcallClient,
  { name, provider, attribute_mappings: mappings }: WantedDirectory,
  { what: of, known, idOf }: Place,
): Step[] {
  const what = `${of}: directory ${name}`;
  let id = known?.id ?? '';
  const own = known
    ? update(what, findDifferences({ directory_provider: provider }, known), (patch) =>
        client.directories.update(idOf(), id, patch),
      )
    : [
        create(what, { directory_provider: provider }, async () => {
          ({ id } = await client.directories.create(idOf(), { name, directory_provider: provider }));
        }),
      ];
  if (mappings === undefined) return own;
  const present = known?.attribute_mappings.attributes ?? [];
  const mapped = update(
    `${what}: attribute mappings`,
    findDifferences({ attributes: mappings }, { attributes: present }),
    () => client.directoryRules.mapAttributes(idOf(), id, mappings),
  );
  return [...own, ...mapped];
}

/** Endpoints are known by their address. */
function planEndpoint(
  client: RollcallClient,
  { organizations, ...wanted }: WantedEndpoint,
  present: readonly WebhookEndpoint[],
  ids: Ids,
): Step[] {
  const what = `webhook endpoint ${wanted.url}`;
  const known = present.find(({ url }) => url === wanted.url);
  // An id that a step before makes is not known until then.
  const input = () => ({ ...wanted, organization_ids: organizations?.map((id) => ids.get(id) ?? id) });
  if (known) {
    return update(what, findDifferences(input(), known), () =>
      client.webhookEndpoints.update(known.id, toPatch(findDifferences(input(), known))),
    );
  }
  return [
    {
      action: 'create',
      what,
      differences: findDifferences({ ...wanted, organizations }, {}),
      apply: async () => ({ secret: (await client.webhookEndpoints.create(input())).secret }),
    },
  ];
}

function create(what: string, fields: Record<string, unknown>, apply: () => Promise<unknown>): Step {
  return { action: 'create', what, differences: findDifferences(fields, {}), apply: async () => void (await apply()) };
}

function update(
  what: string,
  differences: readonly Difference[],
  apply: (patch: Record<string, unknown>) => Promise<unknown>,
): Step[] {
  if (differences.length === 0) return [];
  return [{ action: 'update', what, differences, apply: async () => void (await apply(toPatch(differences))) }];
}
