import type { LoadRequest } from '../load/drive-load';
import type { RawAnswer } from '../load/open-connection';
import { measureLoad } from '../load/measure-load';
import type { Contender, Goal, Scenario } from '../scenario';
import type { ScimSystem } from '../systems/scim-system';
import { roundSeconds } from './round-seconds';
import { seededDirectory } from './seeded-directory';
import type { SeededDirectory } from './seeded-directory';

const USERS = 100_000;
export const QUICK_LISTED_USERS = 2_000;
const PAGE = 100;
const BY_CURSOR = 'pages by cursor';
const FAR_JUMP = 'far jump';

/** Pages of a large directory: the first, those behind it in order and by cursor, and one far away. One client, as providers page. */
export const listUserScenarios: readonly Scenario[] = [
  {
    name: 'list users, pages of 100 of 100,000 users, 1 in flight',
    quick: true,
    prepare: async (world) => {
      const contenders: Contender[] = [];
      for (const system of await world.systems(['rollcall', 'limit', 'saml-jackson'])) {
        const seeded = await seededDirectory(system, world.quick ? QUICK_LISTED_USERS : USERS);
        const kinds = KINDS[system.name] ?? ['first page', FAR_JUMP];
        // In a small directory no page is far.
        for (const kind of kinds.filter((one) => !world.quick || one !== FAR_JUMP)) {
          contenders.push(walk(system, seeded, kind, roundSeconds(world)));
        }
      }
      return { contenders, goals: GOALS };
    },
  },
];

const GOALS: Goal[] = [
  { of: 'rollcall, pages in order', against: 'rollcall, first page', metric: 'p50', atMost: 1.2 },
  { of: 'rollcall, pages by cursor', against: 'rollcall, first page', metric: 'p50', atMost: 1.2 },
];

/** What asks for the next page, and what it learns from an answer. */
interface Walk {
  next: () => LoadRequest;
  onAnswer?: (answer: RawAnswer) => void;
}

const WALKS: Record<string, (total: number) => Walk> = {
  'first page': () => ({ next: () => pageAt(1) }),
  // From the middle on, again and again.
  'pages in order': (total) => {
    let startIndex = total / 2 + 1;
    return {
      next: () => {
        const request = pageAt(startIndex);
        startIndex = startIndex + PAGE > total ? total / 2 + 1 : startIndex + PAGE;
        return request;
      },
    };
  },
  [BY_CURSOR]: () => {
    let cursor = '';
    return {
      next: () => ({ method: 'GET', path: `/Users?cursor=${cursor}&count=${PAGE}` }),
      onAnswer: ({ body }) => {
        cursor = /"nextCursor":"([^"]+)"/.exec(body.toString('utf8', 0, 500))?.[1] ?? '';
      },
    };
  },
  // A page that nobody came near before: no two of these lie in order.
  [FAR_JUMP]: (total) => {
    let jump = 0;
    return { next: () => pageAt(total / 2 + 1 + ((jump++ * 7_919) % (total / 2 - PAGE))) };
  },
};

/** Only Rollcall remembers where pages in order were, and saml-jackson has no cursors. */
const KINDS: Record<string, string[]> = {
  rollcall: Object.keys(WALKS),
  limit: ['first page', BY_CURSOR, FAR_JUMP],
};

function pageAt(startIndex: number): LoadRequest {
  return { method: 'GET', path: `/Users?startIndex=${startIndex}&count=${PAGE}` };
}

function walk(system: ScimSystem, { directory, userIds }: SeededDirectory, kind: string, seconds: number): Contender {
  const pages = WALKS[kind]?.(userIds.length);
  if (!pages) throw new Error(`no walk is called ${kind}`);
  return {
    name: `${system.name}, ${kind}`,
    run: () => measureLoad(system, { target: directory, inFlight: 1, seconds, ...pages }),
  };
}
