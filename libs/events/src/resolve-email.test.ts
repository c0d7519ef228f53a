import { describe, expect, it } from 'vitest';
import { readEmails, resolveEmail } from './resolve-email';

const DIGITS = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
const TOMBSTONE = `${DIGITS}jane@acme.com`;

function resolve(emails: unknown, userName: string | null = 'jane') {
  return resolveEmail(readEmails(emails), { userName, active: true, published: null });
}

describe('resolveEmail', () => {
  it.each([
    [
      'the primary',
      [
        { value: 'w@x', type: 'work' },
        { value: 'p@x', primary: true },
      ],
      'p@x',
    ],
    ['the primary said as text', [{ value: 'w@x' }, { value: 'p@x', primary: 'True' }], 'p@x'],
    [
      'work without a primary',
      [
        { value: 'h@x', type: 'home' },
        { value: 'w@x', type: 'Work' },
      ],
      'w@x',
    ],
    ['the first without primary and work', [{ value: 'h@x', type: 'home' }, { value: 'o@x' }], 'h@x'],
    ['one sent without its array', { value: 'o@x' }, 'o@x'],
    ['one sent as plain text', ['t@x'], 't@x'],
    ['none without a value', [{ primary: true }, { value: 'o@x' }], 'o@x'],
    ['none of blanks', [{ value: ' \t', primary: true }, { value: 'o@x' }], 'o@x'],
    ['one with blanks around, which are no part of it', [{ value: ' o@x\u00a0\r\n' }], 'o@x'],
    ['one sent as plain text with blanks around', ['\tt@x '], 't@x'],
  ])('chooses %s', (_, emails, expected) => {
    expect(resolve(emails)).toBe(expected);
  });

  it('falls back to a userName that is an address, and to null otherwise', () => {
    expect(resolve([], 'jane@acme.com')).toBe('jane@acme.com');
    expect(resolve([], ' jane@acme.com\n')).toBe('jane@acme.com');
    expect(resolve([], 'jane @acme.com')).toBeNull();
    expect(resolve([], 'jane')).toBeNull();
    expect(resolve([], null)).toBeNull();
  });
});

describe('resolveEmail after a soft delete in Entra', () => {
  const published = { email: 'jane@acme.com', preferred_username: 'jane@acme.com' };

  it('keeps the last real address when the address falls back to the renamed userName', () => {
    expect(resolveEmail([], { userName: TOMBSTONE, active: false, published })).toBe('jane@acme.com');
  });

  it('keeps it when the e-mail was renamed, too', () => {
    const emails = readEmails([{ value: TOMBSTONE.toUpperCase(), type: 'work', primary: true }]);
    expect(resolveEmail(emails, { userName: TOMBSTONE, active: false, published })).toBe('jane@acme.com');
  });

  it('keeps a real e-mail that is still there', () => {
    const emails = readEmails([{ value: 'new@acme.com' }]);
    expect(resolveEmail(emails, { userName: TOMBSTONE, active: false, published })).toBe('new@acme.com');
  });

  it('keeps it when the rename comes before the deactivation, and through every later write', () => {
    const renamed = resolveEmail([], { userName: TOMBSTONE, active: true, published });
    expect(renamed).toBe('jane@acme.com');
    const after = { email: renamed, preferred_username: TOMBSTONE };
    expect(resolveEmail([], { userName: TOMBSTONE, active: false, published: after })).toBe('jane@acme.com');
    expect(resolveEmail([], { userName: TOMBSTONE, active: true, published: after })).toBe('jane@acme.com');
  });

  it('takes what follows the digits for a user never published before', () => {
    expect(resolveEmail([], { userName: TOMBSTONE, active: false, published: null })).toBe('jane@acme.com');
  });

  it('leaves users alone whose name really begins with 32 hex digits', () => {
    const genuine = { email: TOMBSTONE, preferred_username: TOMBSTONE };
    expect(resolveEmail([], { userName: TOMBSTONE, active: true, published: null })).toBe(TOMBSTONE);
    expect(resolveEmail([], { userName: TOMBSTONE, active: false, published: genuine })).toBe(TOMBSTONE);
    const hash = `${DIGITS}@acme.com`;
    expect(resolveEmail([], { userName: hash, active: false, published: null })).toBe(hash);
  });
});
