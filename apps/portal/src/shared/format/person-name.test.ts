import { describe, expect, it } from 'vitest';
import { personInitials, personTitle } from './person-name';

const nobody = {
  id: 'diruser_1',
  name: null,
  given_name: null,
  family_name: null,
  email: null,
  preferred_username: null,
};

describe('personTitle', () => {
  it('takes the best that there is', () => {
    expect(personTitle({ ...nobody, name: 'Ada Lovelace', email: 'ada@example.com' })).toBe('Ada Lovelace');
    expect(personTitle({ ...nobody, given_name: 'Ada' })).toBe('Ada');
    expect(personTitle({ ...nobody, preferred_username: 'ada' })).toBe('ada');
    expect(personTitle(nobody)).toBe('diruser_1');
  });
});

describe('personInitials', () => {
  it('takes the first and the last word', () => {
    expect(personInitials('Ada King Lovelace')).toBe('AL');
    expect(personInitials('ada@example.com')).toBe('A');
    expect(personInitials('Élodie')).toBe('É');
    expect(personInitials('')).toBe('');
    expect(personInitials('\u202eAda \u200b\u2066Lovelace')).toBe('AL');
    expect(personInitials('\u200b\u202e')).toBe('');
  });
});
