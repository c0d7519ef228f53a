import { expect, it } from 'vitest';
import { shareConnections, WORKER_POOL_SIZE } from './share-connections';

it('has four drains and six deliveries at a time with the connections that a worker has by itself', () => {
  expect(shareConnections()).toEqual({
    drains: { atOnce: 4, perOwner: 2 },
    deliveries: { atOnce: 6, perOwner: 4 },
  });
  expect(shareConnections(WORKER_POOL_SIZE)).toEqual(shareConnections());
});

it.each([4, 5, 8, 40, 1_000])(
  'leaves two connections of %i for what comes besides, and no kind of work without one',
  (size) => {
    const { drains, deliveries } = shareConnections(size);
    expect(drains.atOnce + deliveries.atOnce + 2).toBe(size);
    for (const { atOnce, perOwner } of [drains, deliveries]) {
      expect(perOwner).toBeGreaterThan(0);
      expect(perOwner).toBeLessThanOrEqual(atOnce);
      if (atOnce > 2) expect(perOwner).toBeLessThan(atOnce);
    }
  },
);
