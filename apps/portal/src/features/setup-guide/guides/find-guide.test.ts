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
});
