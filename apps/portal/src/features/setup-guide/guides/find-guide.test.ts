import { describe, expect, it } from 'vitest';
import { PROVIDERS } from '../../../shared/providers/provider-catalogue';
import { findGuide, GUIDES } from './find-guide';

describe('findGuide', () => {
  it('has its own guide for every provider that can be chosen', () => {
    expect(new Set(PROVIDERS.map((provider) => findGuide(provider.id))).size).toBe(PROVIDERS.length);
  });

  it('falls back to the general guide for a provider of a newer server', () => {
    expect(findGuide('SOMETHING_NEW')).toBe(GUIDES.CUSTOM);
  });

  it('ticks no two steps by one id within a way of setting up', () => {
    for (const guide of Object.values(GUIDES)) {
      for (const variant of guide.variants) {
        const ids = variant.steps.map((step) => step.id);
        expect(new Set(ids).size).toBe(ids.length);
      }
    }
  });

  it('has, for every provider and way, steps that the test, the first user and the first deactivation tick', () => {
    for (const guide of Object.values(GUIDES)) {
      for (const { id, steps } of guide.variants) {
        const traffic = steps.flatMap(({ doneBy }) => doneBy ?? []);
        expect([id, traffic.includes('first_request_time')]).toEqual([id, true]);
        expect([id, traffic.includes('first_user_time') || traffic.includes('first_group_time')]).toEqual([id, true]);
        expect([id, traffic.at(-1)]).toEqual([id, 'first_deactivation_time']);
      }
    }
  });
});
