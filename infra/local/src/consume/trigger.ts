import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { EVENT_TYPES, shortEventType } from '@rollcall/contract';
import type { EventType } from '@rollcall/contract';
import { StartError } from '@rollcall/embedded-postgres';
import type { DirectoryDetail, RollcallClient, RollcallEvent } from '@rollcall/sdk';
import { connectToServer } from './connect-to-server';
import type { ServerRequest } from './connect-to-server';
import { ensureDirectory, ensureOrganization, withScim } from './open-directory';
import type { ScimResource, ScimWriter } from './write-scim';

const ORGANIZATION = { external_id: 'rollcall-samples', display_name: 'Samples' };
const DIRECTORY = { name: 'Samples', provider: 'CUSTOM' } as const;

/** How long the event may take to be published. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 100;

/** Where a sample is made. */
interface Place {
  readonly client: RollcallClient;
  readonly organizationId: string;
  readonly directory: DirectoryDetail;
  readonly scim: ScimWriter;
  /** Of things that are named: so that no two runs meet. */
  readonly tag: string;
}

/** What brings each type about. What comes before it, and brings events of its own, is done too. */
const STEPS: Readonly<Record<EventType, (place: Place) => Promise<unknown>>> = {
  'organization.directory.user_created': createUser,
  'organization.directory.user_updated': async (place) =>
    place.scim.patch('Users', (await createUser(place)).id, [{ op: 'replace', path: 'title', value: 'Captain' }]),
  'organization.directory.user_deleted': async (place) => place.scim.delete('Users', (await createUser(place)).id),
  'organization.directory.group_created': (place) => createGroup(place),
  'organization.directory.group_updated': async (place) =>
    place.scim.patch('Groups', (await createGroup(place)).id, [
      { op: 'replace', path: 'displayName', value: `Renamed ${place.tag}` },
    ]),
  'organization.directory.group_deleted': async (place) => place.scim.delete('Groups', (await createGroup(place)).id),
  'organization.directory.group_members_changed': async (place) =>
    createGroup(place, [{ value: (await createUser(place)).id }]),
  'organization.directory_created': async ({ client, organizationId }) => makeDirectory(client, organizationId),
  'organization.directory_enabled': async ({ client, organizationId, directory }) => {
    await client.directories.disable(organizationId, directory.id);
    await client.directories.enable(organizationId, directory.id);
  },
  'organization.directory_disabled': async ({ client, organizationId, directory }) => {
    await client.directories.disable(organizationId, directory.id);
    await client.directories.enable(organizationId, directory.id);
  },
  'organization.directory_deleted': async ({ client, organizationId }) =>
    client.directories.delete(organizationId, (await makeDirectory(client, organizationId)).id),
};

/**
 * Brings an event of a type about, the way that it comes about: by SCIM in a directory of samples, or by the API. Prints the event once
 * it is published; every webhook endpoint that wants it gets it.
 * @throws StartError for a type that there is not, or when the event does not come; RollcallError for what the server refuses; AbortError when it is to end
 */
export async function trigger(
  request: ServerRequest,
  { url, json = false, argument }: { url?: string; json?: boolean; argument?: string },
): Promise<void> {
  const type = readType(argument);
  const server = await connectToServer(request, url);
  const { client } = server;
  const { id: organizationId } = await ensureOrganization(client, ORGANIZATION);
  const directory = await ensureDirectory(client, organizationId, DIRECTORY);
  const { events: before } = await client.events.latest({
    organization_id: organizationId,
    types: [type],
    page_size: 1,
  });
  const tag = randomBytes(4).toString('hex');
  await withScim(server, { organizationId, directory }, request.signal, (scim) =>
    STEPS[type]({ client, organizationId, directory, scim, tag }),
  );
  const event = await awaitEvent(request, client, { organizationId, type, before: before[0]?.id });
  request.say(json ? JSON.stringify(event) : JSON.stringify(event, null, 2));
}

function readType(given: string | undefined): EventType {
  const type = EVENT_TYPES.find((each) => each === given || each.endsWith(`.${given}`));
  if (type) return type;
  const names = EVENT_TYPES.map((each) => `  ${shortEventType(each)}`);
  throw new StartError(`Name the type of the event, one of\n${names.join('\n')}`);
}

async function awaitEvent(
  { signal }: ServerRequest,
  client: RollcallClient,
  { organizationId, type, before }: { organizationId: string; type: EventType; before: string | undefined },
): Promise<RollcallEvent> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline && !signal.aborted;) {
    const { events } = await client.events.latest({ organization_id: organizationId, types: [type], page_size: 1 });
    const [newest] = events;
    if (newest && newest.id !== before) return client.events.get(newest.id);
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
  }
  signal.throwIfAborted();
  throw new StartError('The change is made, but its event was not published: is a worker running?');
}

function createUser({ scim, tag }: Place): Promise<ScimResource> {
  const userName = `ada.${tag}@samples.example`;
  return scim.createUser({
    userName,
    name: { givenName: 'Ada', familyName: 'Marlow' },
    displayName: 'Ada Marlow',
    emails: [{ value: userName, type: 'work', primary: true }],
  });
}

function createGroup({ scim, tag }: Place, members: readonly object[] = []): Promise<ScimResource> {
  return scim.createGroup({ displayName: `Engineering ${tag}`, members });
}

function makeDirectory(client: RollcallClient, organizationId: string): Promise<DirectoryDetail> {
  return client.directories.create(organizationId, { directory_provider: DIRECTORY.provider });
}
