import { describe, expect, it } from 'vitest';
import { EMPTY_USER } from '@rollcall/contract';
import type { DirectoryUser } from '@rollcall/sdk';
import { describeUser } from './describe-user';

const EMPTY: DirectoryUser = {
  ...EMPTY_USER,
  create_time: '2026-11-21T10:00:00Z',
  update_time: '2026-11-21T10:00:00Z',
};

const texts = (user: DirectoryUser) => {
  const { account, sections } = describeUser(user);
  return Object.fromEntries(
    [...account, ...sections.flatMap((section) => section.facts)].map(({ label, value }) => [label, value]),
  );
};

describe('describeUser', () => {
  it('shows nothing for what was not sent', () => {
    expect(describeUser(EMPTY)).toEqual({ account: [], sections: [] });
  });

  it('shows every normalized field that was sent', () => {
    const user: DirectoryUser = {
      ...EMPTY,
      dp_id: '00u1',
      preferred_username: 'ada',
      email: 'ada@example.com',
      emails: [
        { value: 'ada@example.com', type: 'work', primary: true },
        { value: 'ada@home.example', type: 'home', primary: false },
      ],
      department: 'Research',
      manager: { id: null, value: '00u2', display_name: null },
      address: {
        formatted: null,
        street_address: '1 Main St',
        locality: 'London',
        region: null,
        state: null,
        postal_code: 'N1',
        country: 'GB',
      },
      custom_attributes: { badge: 17, site: 'North' },
    };
    expect(texts(user)).toEqual({
      'User name': 'ada',
      Email: 'ada@example.com',
      'Other emails': 'ada@home.example',
      'External ID': '00u1',
      Address: '1 Main St, N1 London, GB',
      Department: 'Research',
      Manager: '00u2',
      badge: '17',
      site: 'North',
    });
  });
});
