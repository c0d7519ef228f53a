import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '@rollcall/embedded-postgres';
import { createDataSource } from '@rollcall/database';
import type { DataSource, Erasure } from '@rollcall/database';
import {
  asOperator,
  findErasedUser,
  findErasureScope,
  previewErasure,
  startOrganizationErasure,
  startPersonErasure,
} from '@rollcall/management';
import { renderErasure, runErasure } from '@rollcall/pipeline-store';
import { isBareId, newId, parseId, publicId } from '@rollcall/platform';

export interface ErasureValues {
  readonly directory?: string;
  readonly user?: string;
  readonly organization?: string;
  readonly 'dry-run'?: boolean;
  readonly json?: boolean;
}

export interface ErasureRequest {
  readonly ownerUrl: string;
  readonly values: ErasureValues;
  readonly say: (text: string) => void;
}

/** What is erased; bare ids. `user`: one person; null: the whole organization. */
interface Subject {
  environmentId: string;
  organizationId: string;
  user: { directoryId: string; userId: string } | null;
}

/** How long it waits for what has to happen first; a running worker goes on by itself afterwards. */
const WAIT_MS = 30_000;

/** Erases a person or an organization as the operator of the server, and prints the receipt: ids and numbers alone. */
export async function eraseByCommand({ ownerUrl, values, say }: ErasureRequest): Promise<void> {
  const dataSource = await createDataSource({
    url: ownerUrl,
    everyTenant: true,
    poolSize: 1,
    applicationName: 'rollcall-erase',
  }).initialize();
  try {
    const subject = await findSubject(dataSource, values);
    if (values['dry-run']) {
      const counts = await previewErasure(dataSource, subject, subject.user);
      return say(values.json ? JSON.stringify({ counts }) : `It would find:${describeCounts(counts)}`);
    }
    const erasure = await finish(dataSource, await start(dataSource, subject));
    if (values.json) return say(JSON.stringify({ erasure: renderErasure(erasure) }));
    describe(erasure).forEach(say);
  } finally {
    await dataSource.destroy();
  }
}

async function findSubject(dataSource: DataSource, { organization, directory, user }: ErasureValues): Promise<Subject> {
  if (Boolean(organization) === Boolean(directory) || Boolean(directory) !== Boolean(user)) {
    throw new StartError('Say whom: erase --directory <dir_…> --user <user>, or erase --organization <org_…>.');
  }
  const directoryId = directory && (parseId('dir', directory) ?? directory);
  const organizationId = organization && (parseId('org', organization) ?? organization);
  const scope = await findErasureScope(dataSource, { directoryId, organizationId });
  if (!scope)
    throw new StartError(`There is no ${directory ? 'directory' : 'organization'} ${directory ?? organization}.`);
  if (!directoryId || !user) return { ...scope, user: null };
  return { ...scope, user: { directoryId, userId: await findUserId(dataSource, { ...scope, directoryId }, user) } };
}

async function findUserId(
  dataSource: DataSource,
  scope: { environmentId: string; organizationId: string; directoryId: string },
  user: string,
): Promise<string> {
  const id = parseId('diruser', user) ?? (isBareId(user) ? user : null);
  if (id !== null) return id;
  const [found, ...more] = await findErasedUser(dataSource, scope, user);
  if (found === undefined) throw new StartError('Nobody of this directory is known by that name; try the id.');
  if (more.length === 0) return found;
  const ids = [found, ...more].map((each) => publicId('diruser', each)).join(', ');
  throw new StartError(`Several users were known by that name: name one by its id. They are ${ids}.`);
}

async function start(dataSource: DataSource, { user, ...scope }: Subject): Promise<Erasure> {
  const writer = asOperator(dataSource);
  const { result } = user
    ? await startPersonErasure(
        writer,
        { ...scope, directoryId: user.directoryId },
        { id: newId(), userId: user.userId },
      )
    : await startOrganizationErasure(writer, scope, newId());
  return result;
}

async function finish(dataSource: DataSource, started: Erasure): Promise<Erasure> {
  const key = { environmentId: started.environmentId, erasureId: started.id };
  let erasure = started;
  for (const end = Date.now() + WAIT_MS; erasure.state !== 'finished' && Date.now() < end;) {
    const { state } = erasure;
    erasure = (await runErasure(dataSource, key)) ?? erasure;
    if (erasure.state === state) await sleep(500);
  }
  return erasure;
}

function describe(erasure: Erasure): string[] {
  const { id, state, counts, user_id, organization_id } = renderErasure(erasure);
  const whom = user_id ?? organization_id;
  if (state === 'finished') return [`${whom} is erased, receipt ${id}:${describeCounts(counts)}`];
  return [
    `The erasure ${id} of ${whom} is not finished: it waits until the deletion has been published and nothing of it is being sent.`,
    'A running worker finishes it by itself; run the command again to see the receipt.',
  ];
}

function describeCounts(counts: Erasure['counts']): string {
  const lines = Object.entries(counts).map(([kind, count]) => `\n  ${kind.replaceAll('_', ' ').padEnd(20)}${count}`);
  return lines.length > 0 ? lines.join('') : ' nothing';
}
