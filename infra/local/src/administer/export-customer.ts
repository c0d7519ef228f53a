import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { asOwner, checkDatabaseVersion, Directory } from '@rollcall/database';
import type { DataSource, Organization } from '@rollcall/database';
import { StartError } from '@rollcall/embedded-postgres';
import {
  exportAuditEntries,
  findErasureScope,
  findOrganization,
  listContacts,
  openSnapshot,
  readEventFeed,
  renderAuditEntry,
} from '@rollcall/management';
import type { AuditFilter, OrganizationScope } from '@rollcall/management';
import { parseId, publicId } from '@rollcall/platform';
import { LineFile } from './line-file';

export interface ExportValues {
  readonly organization?: string;
  readonly directory?: string;
  readonly output?: string;
  readonly json?: boolean;
}

export interface ExportRequest {
  readonly ownerUrl: string;
  readonly eventRetentionDays: number;
  readonly values: ExportValues;
  readonly say: (text: string) => void;
}

/** What is exported; bare ids. `directoryId`: one directory; null: the organization with all of them. */
interface Subject extends OrganizationScope {
  readonly directoryId: string | null;
}

const PARTS = [
  'organization',
  'contacts',
  'directories',
  'users',
  'groups',
  'memberships',
  'events',
  'audit_log',
] as const;

type Files = Readonly<Record<(typeof PARTS)[number], LineFile>>;

const EVENTS_READ = 1_000;
const DAY_SECONDS = 86_400;

/**
 * Writes a customer into a folder, as files of one JSON object a line that their owner alone can read: the organization, its people,
 * kept events and part of the audit log, and nothing that opens anything. Holds a few hundred rows at a time. Throws a StartError for an
 * option that cannot be used, AppError `organization_not_found` for an organization that was deleted, and what checkDatabaseVersion throws.
 */
export async function exportCustomer(request: ExportRequest): Promise<void> {
  const { ownerUrl, values, say } = request;
  const folder = await makeFolder(values.output);
  await asOwner(ownerUrl, async (dataSource) => {
    await checkDatabaseVersion(dataSource);
    const subject = await findSubject(dataSource, values);
    const organization = await findWhole(dataSource, subject);
    const opened: [string, LineFile][] = [];
    try {
      for (const part of PARTS) opened.push([part, await LineFile.create(join(folder, `${part}.ndjson`))]);
      const files = Object.fromEntries(opened) as Files;
      await writeAll(dataSource, {
        subject,
        organization,
        files,
        retentionSeconds: request.eventRetentionDays * DAY_SECONDS,
      });
    } finally {
      for (const [, file] of opened) await file.close();
    }
    const manifest = {
      organization_id: publicId('org', subject.organizationId),
      directory_id: subject.directoryId && publicId('dir', subject.directoryId),
      time: new Date().toISOString(),
      counts: Object.fromEntries(opened.map(([part, { count }]) => [part, count])),
    };
    const options = { mode: 0o600, flag: 'wx', flush: true };
    await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, options);
    if (values.json) return say(JSON.stringify({ folder, ...manifest }));
    for (const [part, { count }] of opened) say(`  ${part.padEnd(16)}${count}`);
    say(`Exported into ${folder}. Without its manifest.json an export was cut off.`);
  });
}

interface Writing {
  readonly subject: Subject;
  readonly organization: Organization | null;
  readonly files: Files;
  readonly retentionSeconds: number;
}

async function writeAll(dataSource: DataSource, writing: Writing): Promise<void> {
  const { subject, organization, files, retentionSeconds } = writing;
  if (organization) await writeOrganization(dataSource, { subject, organization, files });
  for (const directory of await listAllDirectories(dataSource, subject)) {
    await files.directories.write(renderDirectory(directory));
    if (directory.deletedTime === null) await writeSnapshot(dataSource, directory, files);
    await writeEvents(dataSource, directory, { file: files.events, retentionSeconds });
  }
  await writeAuditLog(dataSource, subject, files.audit_log);
}

async function makeFolder(output: string | undefined): Promise<string> {
  if (!output) throw new StartError('Say where to: export --output <folder>.');
  const folder = resolve(output);
  const failed = ({ code }: NodeJS.ErrnoException) => new StartError(`The folder ${folder} cannot be made (${code}).`);
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw failed(error);
  });
  if ((await readdir(folder)).length > 0) throw new StartError(`The folder ${folder} is not empty: name another.`);
  return folder;
}

async function findSubject(dataSource: DataSource, { organization, directory }: ExportValues): Promise<Subject> {
  if (Boolean(organization) === Boolean(directory)) {
    throw new StartError('Say what: export --organization <org_…>, or export --directory <dir_…>.');
  }
  const directoryId = directory && (parseId('dir', directory) ?? directory);
  const organizationId = organization && (parseId('org', organization) ?? organization);
  const scope = await findErasureScope(dataSource, { directoryId, organizationId });
  if (scope) return { ...scope, directoryId: directoryId ?? null };
  throw new StartError(`There is no ${directory ? 'directory' : 'organization'} ${directory ?? organization}.`);
}

/** Deleted ones too: their events are kept. */
async function listAllDirectories(dataSource: DataSource, subject: Subject): Promise<Directory[]> {
  const { environmentId, organizationId, directoryId } = subject;
  return dataSource.getRepository(Directory).find({
    where: { environmentId, organizationId, ...(directoryId !== null && { id: directoryId }) },
    order: { id: 'ASC' },
  });
}

/** The organization when it is exported as a whole, before a file is made: of one that was deleted there is none. */
async function findWhole(dataSource: DataSource, subject: Subject): Promise<Organization | null> {
  const { environmentId, organizationId, directoryId } = subject;
  return directoryId === null ? findOrganization(dataSource, environmentId, { id: organizationId }) : null;
}

async function writeOrganization(
  dataSource: DataSource,
  { subject, organization, files }: Pick<Writing, 'subject' | 'files'> & { organization: Organization },
): Promise<void> {
  await files.organization.write(
    JSON.stringify({
      id: publicId('org', organization.id),
      display_name: organization.displayName,
      external_id: organization.externalId,
      external_ids: organization.externalIds,
      metadata: organization.metadata,
      features: { dir_sync: organization.dirSyncEnabled },
      create_time: organization.createTime,
      update_time: organization.updateTime,
    }),
  );
  for (const { email, name, createTime } of await listContacts(dataSource, subject)) {
    await files.contacts.write(JSON.stringify({ email, name, create_time: createTime }));
  }
}

function renderDirectory(directory: Directory): string {
  return JSON.stringify({
    id: publicId('dir', directory.id),
    name: directory.name,
    external_ids: directory.externalIds,
    directory_type: directory.directoryType,
    directory_provider: directory.directoryProvider,
    enabled: directory.enabled,
    attribute_mappings: directory.attributeMappings,
    role_assignments: directory.roleAssignments.map(({ group_id, role_name }) => ({
      group_id: publicId('dirgroup', group_id),
      role_name,
    })),
    create_time: directory.createTime,
    update_time: directory.updateTime,
    delete_time: directory.deletedTime,
  });
}

interface SnapshotLine {
  readonly kind: string;
  readonly data?: object;
}

/** Users, groups and memberships of one moment. */
async function writeSnapshot(dataSource: DataSource, directory: Directory, files: Files): Promise<void> {
  const { environmentId, organizationId, id: directoryId } = directory;
  for await (const chunk of await openSnapshot(dataSource, { environmentId, organizationId, directoryId })) {
    for (const text of chunk.split('\n').filter((line) => line !== '')) {
      const { kind, data, ...rest } = JSON.parse(text) as SnapshotLine;
      if (kind === 'user') await files.users.write(JSON.stringify(data));
      if (kind === 'group') await files.groups.write(JSON.stringify(data));
      if (kind === 'membership') {
        await files.memberships.write(JSON.stringify({ directory_id: publicId('dir', directoryId), ...rest }));
      }
    }
  }
}

async function writeEvents(
  dataSource: DataSource,
  { environmentId, id: directoryId }: Directory,
  { file, retentionSeconds }: { file: LineFile; retentionSeconds: number },
): Promise<void> {
  let start: Parameters<typeof readEventFeed>[2]['start'] = { kind: 'oldest' };
  for (let hasMore = true; hasMore;) {
    const request = { filter: { directoryId }, start, size: EVENTS_READ, retentionSeconds };
    const page = await readEventFeed(dataSource, environmentId, request);
    for (const body of page.bodies) await file.write(body);
    start = { kind: 'position', position: page.next };
    hasMore = page.hasMore;
  }
}

async function writeAuditLog(dataSource: DataSource, subject: Subject, file: LineFile): Promise<void> {
  const { environmentId, organizationId, directoryId } = subject;
  const filter: AuditFilter = {
    organizationId,
    ...(directoryId !== null && { targetId: publicId('dir', directoryId) }),
  };
  for await (const rows of exportAuditEntries(dataSource, environmentId, filter)) {
    for (const row of rows) await file.write(JSON.stringify(renderAuditEntry(row)));
  }
}
