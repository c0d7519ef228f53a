import { expect, it } from 'vitest';
import { changeGroup } from './change-group';

const group = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Équipe A', externalId: 'G-1' };

it('folds the name by which a group is unique and keeps externalId exact', () => {
  expect(changeGroup(null, group)).toEqual({
    resource: group,
    columns: { displayNameKey: 'équipe a', externalId: 'G-1' },
  });
});

it('gives nothing to store when nothing differs, and the next resource when something does', () => {
  expect(changeGroup(group, { externalId: 'G-1', displayName: 'Équipe A', schemas: group.schemas })).toBeNull();
  expect(changeGroup(group, { schemas: group.schemas, displayName: 'B' })?.columns).toEqual({
    displayNameKey: 'b',
    externalId: null,
  });
});
