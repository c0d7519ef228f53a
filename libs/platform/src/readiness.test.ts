import { expect, it } from 'vitest';
import { readiness } from './readiness';

const database = { name: 'database', required: true, up: true };
const queue = { name: 'queue', required: false, up: true };

it('is ok when every part is up', () => {
  expect(readiness([database, queue])).toEqual({ status: 'ok', degraded: [] });
});

it('stays ok but degraded while an optional part is away', () => {
  expect(readiness([database, { ...queue, up: false }])).toEqual({ status: 'ok', degraded: ['queue'] });
});

it('names the required part that fails', () => {
  expect(
    readiness([
      { ...database, up: false },
      { ...queue, up: false },
    ]),
  ).toEqual({
    status: 'unavailable',
    degraded: ['queue'],
    failing: 'database',
  });
});
