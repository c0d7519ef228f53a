import { describe, expect, it } from 'vitest';
import { readContactAddress } from './read-contact-address';

describe('readContactAddress', () => {
  it.each([
    ['help@acme.test', 'mailto:help@acme.test'],
    ['https://acme.test/help', 'https://acme.test/help'],
  ])('leads from %s somewhere', (contact, address) => {
    expect(readContactAddress(contact)).toBe(address);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'http://acme.test',
    'help@acme.test?bcc=eve@evil.test',
    'the help desk, extension 12',
    'https:// x',
    '',
  ])('leads from "%s" nowhere', (contact) => {
    expect(readContactAddress(contact)).toBeNull();
  });
});
