import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { REQUEST_OUTCOMES } from '@rollcall/contract';
import { newId } from '@rollcall/platform';
import { keysOf, readEntries } from './request-entry';
import { PACK_MAX, packRequests, readBodies, withoutRequests } from './request-pack';
import type { RecordedRequest } from './request-pack';

const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }), { nil: null });
const body = fc.option(
  fc.jsonValue().map((value) => JSON.stringify(value)),
  { nil: null },
);

const recorded: fc.Arbitrary<RecordedRequest> = fc.record({
  directory_id: fc.constantFrom('d1', 'd2'),
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

it('packs hold every request once, with its bodies, and say of themselves what is in them', () => {
  fc.assert(
    fc.property(requests, (all) => {
      const packs = packRequests(all);
      const unpacked = packs.flatMap(({ directoryId, whole, entries, bodies }) => {
        const answers = readBodies(bodies);
        return readEntries(entries).map((entry, n) => [directoryId, whole, entry, answers[n]]);
      });
      const expected = all
        .toSorted((a, b) => (a.directory_id + a.id < b.directory_id + b.id ? -1 : 1))
        .map(({ directory_id, request_body, response_body, whole, ...entry }) => [
          directory_id,
          whole,
          entry,
          [parse(request_body), parse(response_body)],
        ]);
      expect(unpacked).toEqual(expected);
      for (const pack of packs) {
        const entries = readEntries(pack.entries);
        expect([pack.count, pack.firstId, pack.id]).toEqual([entries.length, entries[0]?.id, entries.at(-1)?.id]);
        expect(new Set(pack.keys)).toEqual(new Set(entries.flatMap(keysOf)));
        expect(pack.count).toBeLessThanOrEqual(PACK_MAX.count);
      }
    }),
    { numRuns: 30 },
  );
});

it('a pack without some of its requests has the others as they were', () => {
  fc.assert(
    fc.property(requests, (all) => {
      for (const pack of packRequests(all)) {
        const entries = readEntries(pack.entries);
        const bodies = readBodies(pack.bodies);
        const left = withoutRequests(pack, ({ resource_id }) => resource_id === 'r1');
        const isKept = entries.map(({ resource_id }) => resource_id !== 'r1');
        expect(left === null ? [] : readEntries(left.entries)).toEqual(entries.filter((_, n) => isKept[n]));
        expect(left === null ? [] : readBodies(left.bodies ?? '[]')).toEqual(bodies.filter((_, n) => isKept[n]));
      }
    }),
    { numRuns: 30 },
  );
});
