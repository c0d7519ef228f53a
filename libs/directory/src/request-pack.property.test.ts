import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { REQUEST_OUTCOMES } from '@rollcall/contract';
import { newId, timeOfId } from '@rollcall/platform';
import { unpackBodies } from './request-bodies';
import { keysOf, readEntries, writeEntry } from './request-entry';
import { OpenPack, PACK_MAX, withoutRequests, withoutStoredRequests } from './request-pack';
import type { RecordedRequest, RequestPack } from './request-pack';

const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }), { nil: null });
const body = fc.option(
  fc.jsonValue().map((value) => JSON.stringify(value)),
  { nil: null },
);

const recorded: fc.Arbitrary<RecordedRequest> = fc.record({
  directory_id: fc.constant('d1'),
  id: fc.integer({ min: 0, max: 300_000 }).map((ms) => newId(1_795_000_000_000 + ms)),
  method: fc.constantFrom('GET', 'POST'),
  path: fc.string(),
  status: fc.integer({ min: 200, max: 599 }),
  outcome: fc.constantFrom(...REQUEST_OUTCOMES),
  scim_type: text,
  detail: text,
  duration_ms: fc.integer({ min: 0, max: 1_000 }),
  secret_id: text,
  user_agent: text,
  correlation_id: text,
  ip_address: text,
  resource_id: fc.option(fc.constantFrom('r1', 'r2'), { nil: null }),
  user_name_key: fc.option(fc.constantFrom('ann', 'bob'), { nil: null }),
  not_recorded: fc.nat(),
  request_body: body,
  response_body: body,
  whole: fc.boolean(),
});
const requests = fc.array(recorded, { maxLength: 600, size: 'max' });

const parse = (json: string | null): unknown => JSON.parse(json ?? 'null');

/** Packs of the requests of one directory, with those that are in each. */
function packsOf(all: readonly RecordedRequest[]): { pack: RequestPack; requests: RecordedRequest[] }[] {
  const packs: { open: OpenPack; requests: RecordedRequest[] }[] = [];
  for (const request of all) {
    let last = packs.at(-1);
    if (!last?.open.takes(request)) packs.push((last = { open: new OpenPack(request), requests: [] }));
    last.open.add(request);
    last.requests.push(request);
  }
  return packs.map(({ open, requests: own }) => ({ pack: open.close(), requests: own }));
}

const entryOf = (request: RecordedRequest) => readEntries(`[${writeEntry(request)}]`)[0];
const bodiesOf = ({ request_body, response_body }: RecordedRequest) => [parse(request_body), parse(response_body)];
const isGone = ({ resource_id }: Pick<RecordedRequest, 'resource_id'>) => resource_id === 'r1';

it('a pack holds its requests with their bodies, and says of itself what is in it', () => {
  fc.assert(
    fc.property(requests, (all) => {
      for (const { pack, requests: own } of packsOf(all)) {
        const ids = own.map(({ id }) => id).toSorted();
        expect(readEntries(pack.entries.toString())).toEqual(own.map(entryOf));
        expect(unpackBodies(pack)).toEqual(own.map(bodiesOf));
        expect([pack.count, pack.firstId, pack.id]).toEqual([own.length, ids[0], ids.at(-1)]);
        expect(pack.whole).toBe(own[0]?.whole);
        expect(new Set(own.map(({ whole }) => whole)).size).toBe(1);
        expect(new Set(pack.keys)).toEqual(new Set(own.flatMap(keysOf)));
        expect(pack.count).toBeLessThanOrEqual(PACK_MAX.count);
        const [first = '', last = ''] = [ids[0], ids.at(-1)];
        expect(timeOfId(last).getTime() - timeOfId(first).getTime()).toBeLessThanOrEqual(PACK_MAX.ms);
      }
    }),
    { numRuns: 30 },
  );
});

it('a pack without some of its requests has the others as they were, before it is stored and after', () => {
  fc.assert(
    fc.property(requests, (all) => {
      for (const { pack, requests: own } of packsOf(all)) {
        const kept = own.filter((request) => !isGone(request));
        const left = withoutRequests(pack, isGone);
        const stored = withoutStoredRequests({ ...pack, entries: pack.entries.toString() }, isGone);
        expect(left ? readEntries(left.entries.toString()) : []).toEqual(kept.map(entryOf));
        expect(left ? unpackBodies(left) : []).toEqual(kept.map(bodiesOf));
        expect(stored ? readEntries(stored.entries) : []).toEqual(kept.map(entryOf));
        expect(stored ? unpackBodies(stored) : []).toEqual(kept.map(bodiesOf));
      }
    }),
    { numRuns: 30 },
  );
});

it('what found no room behind a request is told of the newest', () => {
  fc.assert(
    fc.property(recorded, recorded, fc.nat(), (first, second, missed) => {
      const request = { ...second, whole: first.whole };
      const pack = new OpenPack(first);
      pack.add(first);
      pack.add({ ...request });
      const entries = readEntries(pack.close(missed).entries.toString());
      expect(entries.map(({ not_recorded }) => not_recorded)).toEqual([
        first.not_recorded,
        request.not_recorded + missed,
      ]);
    }),
  );
});
