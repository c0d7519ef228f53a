import { StartError } from '@rollcall/embedded-postgres';
import type { DirectoryDetail } from '@rollcall/sdk';
import { connectToServer } from './connect-to-server';
import type { Server, ServerRequest } from './connect-to-server';
import { ensureDirectory, ensureOrganization, withScim } from './open-directory';
import { readYaml } from './read-yaml';
import { readSeed } from './seed-file';
import type { SeedDirectory, SeedUser } from './seed-file';
import type { ScimWriter } from './write-scim';

/** What was written of one directory. */
interface Counts {
  readonly organization_id: string;
  readonly directory_id: string;
  readonly directory_endpoint: string;
  readonly users: number;
  readonly groups: number;
}

/**
 * Makes the organizations, directories and people of a file: what the owner's app would do through the API, and people over real SCIM,
 * with events like any. Run again it brings what is there to what the file says, and removes nothing.
 * @throws StartError for a file that cannot be used, RollcallError for what the server refuses, AbortError when it is to end
 */
export async function seed(
  request: ServerRequest,
  { url, json = false, argument }: { url?: string; json?: boolean; argument?: string },
): Promise<void> {
  const { organizations } = readSeed(await readYaml(argument), '');
  const server = await connectToServer(request, url);
  const done: Counts[] = [];
  for (const { directories, ...organization } of organizations) {
    request.signal.throwIfAborted();
    const { id } = await ensureOrganization(server.client, organization);
    for (const wanted of directories) {
      request.signal.throwIfAborted();
      const directory = await ensureDirectory(server.client, id, wanted);
      const counts = await fill(server, request, { organizationId: id, directory, wanted });
      done.push(counts);
      if (!json) {
        request.say(
          `${organization.display_name}: ${wanted.name} (${directory.id}) has ${counts.users} users and ${counts.groups} groups of the file.`,
        );
      }
    }
    if (directories.length === 0 && !json) request.say(`${organization.display_name} (${id}) is there.`);
  }
  if (json) request.say(JSON.stringify({ directories: done }));
}

async function fill(
  server: Server,
  { signal, note }: ServerRequest,
  { organizationId, directory, wanted }: { organizationId: string; directory: DirectoryDetail; wanted: SeedDirectory },
): Promise<Counts> {
  await withScim(server, { organizationId, directory }, signal, async (scim) => {
    const ids = new Map<string, string>();
    for (const user of wanted.users) ids.set(user.userName, await writeUser(scim, user));
    for (const { members, ...group } of wanted.groups) {
      await writeGroup(scim, {
        ...group,
        members: members.map((name) => ({ value: idOf(ids, name, group.displayName) })),
      });
    }
  }).catch((error: unknown) => {
    note(`${wanted.name} (${directory.id}) is not done: run it again once this is mended.`);
    throw error;
  });
  return {
    organization_id: organizationId,
    directory_id: directory.id,
    directory_endpoint: directory.directory_endpoint,
    users: wanted.users.length,
    groups: wanted.groups.length,
  };
}

async function writeUser(scim: ScimWriter, user: SeedUser): Promise<string> {
  const known = await scim.find('Users', 'userName', user.userName);
  if (!known) return (await scim.createUser(user)).id;
  await scim.replaceUser(known.id, user);
  return known.id;
}

async function writeGroup(scim: ScimWriter, group: { displayName: string; members: object[] }): Promise<void> {
  const known = await scim.find('Groups', 'displayName', group.displayName);
  if (known) await scim.replaceGroup(known.id, group);
  else await scim.createGroup(group);
}

function idOf(ids: ReadonlyMap<string, string>, userName: string, group: string): string {
  const id = ids.get(userName);
  if (id !== undefined) return id;
  throw new StartError(`The group "${group}" has the member "${userName}", who is none of the directory's users.`);
}
