import { describe, expect, it } from 'vitest';
import { PROVIDERS } from '../../../shared/providers/provider-catalogue';
import { GUIDES, loadGuide } from './load-guide';

const loadAll = () => Promise.all(PROVIDERS.map(({ id }) => loadGuide(id)));

describe('loadGuide', () => {
  it('has its own guide for every provider that can be chosen', async () => {
    expect(new Set(await loadAll()).size).toBe(PROVIDERS.length);
  });

  it('falls back to the general guide for a provider of a newer server', async () => {
    expect(await loadGuide('SOMETHING_NEW')).toBe(await GUIDES.CUSTOM());
  });

  it('ticks no two steps by one id within a way of setting up', async () => {
    for (const guide of await loadAll()) {
      for (const variant of guide.variants) {
        const ids = variant.steps.map((step) => step.id);
        expect(new Set(ids).size).toBe(ids.length);
      }
    }
  });

  it('has, for every provider and way, steps that the test, the first users and the first deactivation tick', async () => {
    for (const guide of await loadAll()) {
      for (const { id, steps } of guide.variants) {
        const traffic = steps.flatMap(({ doneBy }) => doneBy ?? []);
        expect([id, traffic.includes('first_request_time')]).toEqual([id, true]);
        expect([id, traffic.includes('first_user_time') || traffic.includes('first_group_time')]).toEqual([id, true]);
        expect([id, traffic.at(-1)]).toEqual([id, 'first_deactivation_time']);
      }
    }
  });
});
