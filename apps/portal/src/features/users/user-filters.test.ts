import { describe, expect, it } from 'vitest';
import { isNarrowed, sinceChoices, userParameters } from './user-filters';

describe('the filters of a list of users', () => {
  it('ask the API for what the URL says', () => {
    const filters = {
      status: 'inactive',
      group: 'dirgroup_1a',
      role: 'admin',
      since: '2026-11-29T20:00:00Z',
      sort: '-updated',
    };
    expect(userParameters(filters)).toEqual({
      active: 'false',
      directory_group_id: 'dirgroup_1a',
      role_name: 'admin',
      updated_after: '2026-11-29T20:00:00.000Z',
      sort: '-updated',
    });
    expect(isNarrowed(filters)).toBe(true);
  });

  it('ask for nothing that a URL made up', () => {
    const filters = { status: 'gone', group: '../x', since: 'yesterday', sort: 'password' };
    expect(Object.values(userParameters(filters)).join('')).toBe('');
    expect(isNarrowed(filters)).toBe(false);
  });

  it('show everybody in whichever order', () => {
    expect(isNarrowed({ sort: 'name' })).toBe(false);
    expect(isNarrowed({ status: 'active' })).toBe(true);
  });
});

describe('the times to choose from', () => {
  const now = new Date('2026-11-29T22:40:31Z');
  const labels = (chosen: string) => sinceChoices(chosen, now, (time) => time).map(({ label }) => label);

  it('keep the one that is chosen, however long ago that was', () => {
    expect(labels('2026-01-02T03:04:05.000Z').at(-1)).toBe('Since 2026-01-02T03:04:05.000Z');
    expect(labels('')).toHaveLength(5);
    expect(labels('nonsense')).toHaveLength(5);
    expect(labels(sinceChoices('', now, String)[1]!.value)).toHaveLength(5);
  });
});
