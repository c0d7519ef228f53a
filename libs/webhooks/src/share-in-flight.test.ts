import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareInFlight } from './share-in-flight';

const LIMITS = { perEndpoint: 4, perEnvironment: 6, bytesPerEnvironment: 1_000, total: 9 };

describe('shareInFlight', () => {
  it('gives an endpoint as much as one endpoint may have, and an environment no more than its share', () => {
    const shares = shareInFlight(LIMITS);
    expect(shares.reserve('a', 0)).toBe(4);
    expect(shares.reserve('a', 0)).toBe(2);
    expect(shares.reserve('a', 2)).toBe(0);
    expect(shares.reserve('b', 0)).toBe(3);
  });

  it('gives an endpoint with nothing on the way one place, whatever the others have', () => {
    const shares = shareInFlight(LIMITS);
    for (let endpoint = 0; endpoint < 50; endpoint++) shares.reserve('a', 0);
    expect(shares.reserve('a', 0)).toBe(1);
    expect(shares.reserve('b', 0)).toBe(1);
    expect(shares.reserve('b', 1)).toBe(0);
  });

  it('gives an environment whose bodies take their share of memory one at a time', () => {
    const shares = shareInFlight(LIMITS);
    shares.weigh('a', 1_000);
    expect(shares.reserve('a', 0)).toBe(1);
    expect(shares.reserve('b', 0)).toBe(4);
    shares.weigh('a', -1);
    expect(shares.reserve('a', 1)).toBe(3);
  });

  it('reserves what is free, and nothing beyond, for work that can do without', () => {
    const shares = shareInFlight(LIMITS);
    const given = Array.from({ length: 100 }, () => shares.reserveFree('a', 3));
    expect(given.every((places) => places >= 0 && places <= 3)).toBe(true);
    expect(given.reduce((sum, places) => sum + places, 0)).toBe(LIMITS.perEnvironment);
    expect(shares.reserve('a', 1)).toBe(0);
    shares.release('a', LIMITS.perEnvironment);
    shares.weigh('a', LIMITS.bytesPerEnvironment);
    expect(shares.reserveFree('a', 1)).toBe(0);
  });

  it('has as much to give as at first when everything has come back', () => {
    const use = fc.record({ environment: fc.constantFrom('a', 'b', 'c'), inFlight: fc.nat(4), bytes: fc.nat(600) });
    fc.assert(
      fc.property(fc.array(use), (uses) => {
        const shares = shareInFlight(LIMITS);
        const given = uses.map(({ environment, inFlight, bytes }) => {
          shares.weigh(environment, bytes);
          return { environment, places: shares.reserve(environment, inFlight), bytes };
        });
        for (const { environment, places, bytes } of given) {
          shares.release(environment, places);
          shares.weigh(environment, -bytes);
        }
        expect([shares.reserve('a', 0), shares.reserve('a', 0), shares.reserve('b', 0)]).toEqual([4, 2, 3]);
      }),
    );
  });
});
