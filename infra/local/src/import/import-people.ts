import { changeGroup, changeUser, importedId } from '@rollcall/directory';
import type { ImportedService } from '@rollcall/directory';
import { StartError } from '@rollcall/embedded-postgres';
import type { ImportedGroup, ImportedUser } from '@rollcall/pipeline-store';
import { groupResourceType, printResource, readResource, ScimError, userResourceType } from '@rollcall/scim';
import { isUser } from './foreign-people';
import type { PlannedDirectory } from './plan-import';
import type { ForeignGroup, ForeignUser, Problem, Source } from './source';

/** Users and groups of a transaction. */
const SLICE = 200;

/** A directory that is imported. */
export type ImportedDirectory = PlannedDirectory & { readonly id: string };

/** What is stored at a time. */
export interface Slice {
  readonly users: ImportedUser[];
  readonly groups: ImportedGroup[];
}

/** What of a directory's people could be read. */
export interface People {
  readonly users: number;
  readonly groups: number;
  readonly problems: readonly Problem[];
}

/** What is done with what is read. */
export interface PeopleSink {
  readonly store: (people: Slice) => Promise<void>;
  /** Every group is stored, and no user yet. */
  readonly afterGroups: () => Promise<void>;
}

/**
 * Reads the people of a directory at the source, slice by slice. Whoever cannot be read is told, and the others are stored; so is that
 * the rest of a directory cannot be read.
 */
export async function importPeople(
  source: Source,
  { organization, directory, id: directoryId }: ImportedDirectory,
  { store, afterGroups }: PeopleSink,
): Promise<People> {
  const counts = { users: 0, groups: 0 };
  const problems: Problem[] = [];
  let slice: Slice = { users: [], groups: [] };
  const flush = async () => {
    if (slice.users.length + slice.groups.length > 0) await store(slice);
    slice = { users: [], groups: [] };
  };
  let isPastGroups = false;
  const passGroups = async () => {
    if (isPastGroups) return;
    isPastGroups = true;
    await flush();
    await afterGroups();
  };
  try {
    const place = { organizationId: organization.id, directoryId: directory.id };
    for await (const person of directory.isEmpty ? [] : source.readPeople(place)) {
      if (isUser(person)) await passGroups();
      try {
        if (isUser(person)) {
          slice.users.push(readUser(source.service, directoryId, person));
          counts.users += 1;
        } else {
          slice.groups.push(readGroup(source.service, directoryId, person));
          counts.groups += 1;
        }
      } catch (error) {
        if (!(error instanceof ScimError)) throw error;
        problems.push({ what: `${isUser(person) ? 'user' : 'group'} ${person.id}`, message: error.detail });
      }
      if (slice.users.length + slice.groups.length >= SLICE) await flush();
    }
    await passGroups();
    await flush();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    await flush();
    problems.push({ what: `people of directory ${directory.id}`, message: error.message });
  }
  return { ...counts, problems };
}

function readUser(service: ImportedService, directoryId: string, { id, body, groupIds }: ForeignUser): ImportedUser {
  const record = changeUser(null, readResource(body, userResourceType).resource);
  if (!record) throw new Error('a new user is always a change');
  printResource(record.resource);
  return {
    ...record,
    id: importedId(directoryId, id),
    externalIds: { [service]: id },
    groupIds: groupIds.map((groupId) => importedId(directoryId, groupId)),
  };
}

function readGroup(service: ImportedService, directoryId: string, { id, body }: ForeignGroup): ImportedGroup {
  const record = changeGroup(null, readResource(body, groupResourceType).resource);
  if (!record) throw new Error('a new group is always a change');
  printResource(record.resource);
  return { ...record, id: importedId(directoryId, id), externalIds: { [service]: id } };
}
