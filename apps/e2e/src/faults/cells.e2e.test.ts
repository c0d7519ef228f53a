import { setTimeout as sleep } from 'node:timers/promises';
import { buildOktaUser, waitUntil } from '@rollcall/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ReadyDirectory } from '../support/create-directory';
import { EVENTS, THOROUGH } from './support/choose-faults';
import { expectAllDelivered, type FeedEvent } from './support/expect-all-delivered';
import { followFeed, readFeed } from './support/follow-feed';
import type { FollowedFeed } from './support/follow-feed';
import { provision } from './support/provision-changes';
import { type CellName, CELLS, type CellsSystem, startCellsSystem } from './support/start-cells-system';
import { tell } from './support/tell';
import { makeDirectories, type Round, startEndpoints } from './support/start-round';

/** Of the organization that is moved, before that. */
const PEOPLE = THOROUGH ? 10_000 : 300;
/** Others have lower numbers. */
const FIRST_NUMBER = 500_000;
const OF_A_CELL = 2;
const MADE_MAX = 20;
const WRITES_A_SECOND = 50;
/** Writes that are through before a fault comes, so that it comes in the middle. */
const UNDER_WAY_MS = 2_000;

let system: CellsSystem;
let round: Omit<Round, 'system'>;
let feed: FollowedFeed;

beforeAll(async () => {
  system = await startCellsSystem();
  return () => system.stop();
});

afterEach(() => round?.stop());

/** Directories of organizations, as many in each cell, with an endpoint of each ordering, and a follower of the feed. */
async function begin(): Promise<{ moved: ReadyDirectory; others: ReadyDirectory[] }> {
  const made: Record<CellName, ReadyDirectory[]> = { control: [], b: [] };
  // A new organization goes to the cell that has the fewest, which those of before may have left far behind.
  for (let n = 0; n < MADE_MAX && CELLS.some((cell) => made[cell].length < OF_A_CELL); n++) {
    const [directory] = (await makeDirectories(system, 1)) as [ReadyDirectory];
    made[await system.cellOf(directory)].push(directory);
  }
  const directories = CELLS.flatMap((cell) => made[cell].slice(0, OF_A_CELL));
  expect(directories).toHaveLength(CELLS.length * OF_A_CELL);
  const [moved, ...others] = directories as [ReadyDirectory];
  round = await startEndpoints(directories);
  feed = await followFeed(moved.api);
  return { moved, others };
}

interface Load {
  /** Directories that were answered 503, and whether the answer said when to come again. */
  readonly refused: ReadonlyMap<string, boolean>;
  /** Writes on until there is enough, then resolves to how many events each directory has to have. */
  readonly end: () => Promise<Map<string, number>>;
}

/** Writes into every directory until it is ended. */
function load(directories: readonly ReadyDirectory[], perSecond = WRITES_A_SECOND): Load {
  const refused = new Map<string, boolean>();
  let isOver = false;
  const writing = provision(directories, {
    isEnough: (events) => isOver && events >= EVENTS,
    perSecond,
    onRefusal: ({ directoryId }, answer) => {
      const saysWhen = /^[1-9]\d*$/.test(answer.headers.get('retry-after') ?? '');
      refused.set(directoryId, saysWhen && (refused.get(directoryId) ?? true));
    },
  });
  // Whoever ends it learns of it.
  writing.catch(() => undefined);
  return {
    refused,
    end: () => {
      isOver = true;
      return writing;
    },
  };
}

/** People whom nobody changes any more, an event each. */
async function populate({ scimUrl, token }: ReadyDirectory): Promise<void> {
  let number = FIRST_NUMBER;
  const write = async () => {
    while (number < FIRST_NUMBER + PEOPLE) {
      const answer = await fetch(`${scimUrl}/Users`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
        body: JSON.stringify(buildOktaUser(number++)),
      });
      expect(answer.status).toBe(201);
    }
  };
  await Promise.all(Array.from({ length: 6 }, write));
}

/** Everything is numbered, delivered in order and in the feed once. */
async function expectNothingLost(expected: ReadonlyMap<string, number>): Promise<void> {
  await expectAllDelivered(round, expected);
  const { directories } = round;
  // Each directory's first event was there before the feed was followed.
  const count = [...expected.values()].reduce((sum, events) => sum + events - 1, 0);
  const events = await feed.end(directories, count);
  expectInOrder(events, 2);
  expect(events).toHaveLength(count);
  // Whoever comes later, and reads of both cells at once, too.
  const [{ api }] = directories as [ReadyDirectory];
  expectInOrder(await readFeed(api), 1);
}

function expectInOrder(events: readonly FeedEvent[], first: number): void {
  for (const { directoryId } of round.directories) {
    const numbers = events.filter((event) => event.directory_id === directoryId).map(({ sequence }) => sequence);
    expect(numbers).toEqual(numbers.map((_, index) => index + first));
  }
}

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1) ?? '';

describe('an organization that is moved to another cell under load, and back', () => {
  it('loses, doubles and reorders nothing, and nobody else is refused anything', async () => {
    const { moved, others } = await begin();
    await populate(moved);
    const { refused, end } = load([moved, ...others]);
    await sleep(UNDER_WAY_MS);
    tell(lastLine(await system.move(moved, 'b')));
    expect(await system.cellOf(moved)).toBe('b');
    await sleep(UNDER_WAY_MS);
    tell(lastLine(await system.move(moved, 'control')));
    expect(await system.cellOf(moved)).toBe('control');
    await sleep(UNDER_WAY_MS);
    const expected = await end();
    expected.set(moved.directoryId, (expected.get(moved.directoryId) ?? 0) + PEOPLE);
    await expectNothingLost(expected);
    expect([...refused]).toEqual([[moved.directoryId, true]]);
    for (const { receiver } of round.endpoints) {
      const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
      expect(ids).toHaveLength(new Set(ids).size);
    }
  });

  it('loses and reorders nothing when worker, ingress and the command itself are killed meanwhile', async () => {
    const { moved, others } = await begin();
    const { end } = load([moved, ...others]);
    await sleep(UNDER_WAY_MS);
    const letGo = await system.holdTransaction('control');
    const cut = system.startMove(moved, 'b');
    await waitUntil(() => cut.stdout().includes('are refused from here on'), { what: 'the move' });
    await system.replaceWorker();
    await system.replaceIngress();
    await waitUntil(() => cut.stdout().includes('Waiting for what cell control has begun'), {
      what: 'the move in the middle',
    });
    await cut.end('SIGKILL');
    await letGo();
    await system.replaceWorker();
    await system.endLeases();
    await system.move(moved, 'b');
    expect(await system.cellOf(moved)).toBe('b');
    await sleep(UNDER_WAY_MS);
    await expectNothingLost(await end());
  });
});

describe('a cell whose database is stopped', () => {
  it('refuses its own organizations, stops nobody else, and goes on when it is back', async () => {
    const { moved, others } = await begin();
    const directories = [moved, ...others];
    const cells = new Map<string, string>();
    for (const directory of directories) cells.set(directory.directoryId, await system.cellOf(directory));
    const { refused, end } = load(directories);
    await sleep(UNDER_WAY_MS);
    await system.stopCell('b');
    const followed = feed.events.length;
    await sleep(2 * UNDER_WAY_MS);
    const goesOn = () => feed.events.slice(followed).some((event) => cells.get(event.directory_id) === 'control');
    await waitUntil(goesOn, { what: 'events of the other cell in the feed' });
    expect([...refused].map(([id, saysWhen]) => [cells.get(id), saysWhen])).toEqual(
      [...refused].map(() => ['b', true]),
    );
    expect(refused.size).toBeGreaterThan(0);
    await system.startCell('b');
    await expectNothingLost(await end());
  });
});
