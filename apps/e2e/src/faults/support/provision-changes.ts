import { setTimeout as sleep } from 'node:timers/promises';
import { buildOktaUser } from '@rollcall/testing';
import type { ReadyDirectory } from '../../support/create-directory';
import { patchBody } from '../../support/patch-body';
import { EVENTS } from './choose-faults';

/** What a directory publishes before anything is provisioned: directory_created. */
const EVENTS_OF_A_NEW_DIRECTORY = 1;
const WRITERS = 6;
/** On average, of those who stay and those who leave. */
const WRITES_OF_A_PERSON = 4.5;
const RETRY_MS = 100;

/** How much is provisioned. */
export interface Provisioning {
  /** Whether so many events are enough. */
  readonly isEnough: (events: number) => boolean;
  /** Writes a second, about; absent: as fast as it goes. */
  readonly perSecond?: number;
  /** Everything waits for it half-way to `EVENTS`. */
  readonly halfWay?: () => Promise<void>;
  /** Is told of each answer 503, after which the request is sent again. */
  readonly onRefusal?: (directory: ReadyDirectory, answer: Response) => void;
}

type Send = (directory: ReadyDirectory, method: string, path: string, body?: object) => Promise<Response>;

/**
 * Provisions as an identity provider does, several requests at a time, until at least `EVENTS` events must follow. Half-way everything
 * waits for `halfWay`. Resolves to how many events each directory has to have in the end.
 */
export function provisionChanges(
  directories: readonly ReadyDirectory[],
  halfWay?: () => Promise<void>,
): Promise<Map<string, number>> {
  return provision(directories, { isEnough: (events) => events >= EVENTS + directories.length, halfWay });
}

/**
 * Creates people, and changes them, puts them into a group, deactivates, brings back or deletes them, several requests at a time, until
 * that is enough. A request that was not answered or was answered 503 is sent again. Resolves to how many events each directory has to
 * have in the end.
 */
export async function provision(
  directories: readonly ReadyDirectory[],
  { isEnough, perSecond = Infinity, halfWay = async () => {}, onRefusal = () => {} }: Provisioning,
): Promise<Map<string, number>> {
  const expected = new Map(directories.map(({ directoryId }) => [directoryId, EVENTS_OF_A_NEW_DIRECTORY]));
  const send = createSender(onRefusal);
  const groups = new Map<string, string>();
  for (const directory of directories) {
    groups.set(
      directory.directoryId,
      await create(send, directory, '/Groups', 'displayName', { displayName: 'Staff' }),
    );
    count(directory, 1);
  }
  const start = performance.now();
  let people = 0;
  let pause: Promise<void> | undefined;
  const write = async () => {
    while (!isEnough(total(expected))) {
      if (total(expected) > EVENTS / 2) await (pause ??= halfWay());
      const number = people++;
      await sleep(Math.max(0, start + (number * WRITES_OF_A_PERSON * 1_000) / perSecond - performance.now()));
      const directory = directories[number % directories.length] as ReadyDirectory;
      const stays = Math.floor(number / directories.length) % 2 === 0;
      // Counted before it is done, so that the writers together do not go far beyond what is asked for.
      count(directory, stays ? 6 : 4);
      await provisionPerson(send, directory, { number, stays, groupId: groups.get(directory.directoryId) ?? '' });
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  return expected;

  function count({ directoryId }: ReadyDirectory, events: number): void {
    expected.set(directoryId, (expected.get(directoryId) ?? 0) + events);
  }
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** Six events of one who stays, four of one who leaves. */
async function provisionPerson(
  send: Send,
  directory: ReadyDirectory,
  { number, stays, groupId }: { number: number; stays: boolean; groupId: string },
): Promise<void> {
  const id = await create(send, directory, '/Users', 'userName', buildOktaUser(number));
  const user = `/Users/${id}`;
  await send(directory, 'PATCH', user, patchBody({ op: 'replace', path: 'title', value: 'Director' }));
  if (stays)
    await send(
      directory,
      'PATCH',
      `/Groups/${groupId}`,
      patchBody({ op: 'add', path: 'members', value: [{ value: id }] }),
    );
  await send(directory, 'PATCH', user, patchBody({ op: 'replace', value: { active: false } }));
  if (stays) await send(directory, 'PATCH', user, patchBody({ op: 'replace', value: { active: true } }));
  else await send(directory, 'DELETE', user);
}

/** The id of the new resource, also when an earlier request had made it without our learning of it. */
async function create(send: Send, directory: ReadyDirectory, path: string, key: string, body: Record<string, unknown>) {
  const created = await send(directory, 'POST', path, body);
  if (created.status === 201) return ((await created.json()) as { id: string }).id;
  const filter = encodeURIComponent(`${key} eq "${String(body[key])}"`);
  const found = await send(directory, 'GET', `${path}?filter=${filter}`);
  const { Resources } = (await found.json()) as { Resources: { id: string }[] };
  return Resources[0]?.id ?? '';
}

/** Answers as soon as there is an answer that is no 503. Throws on what a provider would show to its admin. */
function createSender(onRefusal: NonNullable<Provisioning['onRefusal']>): Send {
  return async (directory, method, path, body) => {
    for (;;) {
      const answer = await fetch(`${directory.scimUrl}${path}`, {
        method,
        headers: { authorization: `Bearer ${directory.token}`, 'content-type': 'application/scim+json' },
        ...(body && { body: JSON.stringify(body) }),
      }).catch(() => null);
      const isRepeated =
        (method === 'POST' && answer?.status === 409) || (method === 'DELETE' && answer?.status === 404);
      if (answer?.ok || (answer && isRepeated)) return answer;
      if (answer && answer.status !== 503)
        throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
      if (answer) onRefusal(directory, answer);
      await sleep(RETRY_MS);
    }
  };
}
