import { expect, it } from 'vitest';
import { mergeMetadata } from './merge-metadata';
import { refuseWhileFeatureOff } from './refuse-while-feature-off';

it('merges metadata key by key: null removes one, a patch of null all', () => {
  const current = { plan: 'pro', seats: 3, off: false };
  expect(mergeMetadata(current, { plan: null, region: 'eu' })).toEqual({ seats: 3, off: false, region: 'eu' });
  expect(mergeMetadata(current, {})).toEqual(current);
  expect(mergeMetadata(current, null)).toEqual({});
});

it('lets Directory Sync be used only while the feature is on', () => {
  expect(() => refuseWhileFeatureOff({ dirSyncEnabled: true })).not.toThrow();
  expect(() => refuseWhileFeatureOff({ dirSyncEnabled: false })).toThrow(
    expect.objectContaining({ kind: 'forbidden', code: 'feature_disabled' }),
  );
});
