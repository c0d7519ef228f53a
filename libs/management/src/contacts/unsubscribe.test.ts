import { randomBytes } from 'node:crypto';
import { newId } from '@rollcall/platform';
import { describe, expect, it } from 'vitest';
import { readUnsubscribeToken, unsubscribeToken } from './unsubscribe';

const [key, older] = [randomBytes(32), randomBytes(32)];
const contact = { environmentId: newId(), id: newId() };

describe('a token to unsubscribe', () => {
  it('says whom it is for, also when it was made with a previous key', () => {
    expect(readUnsubscribeToken([key], unsubscribeToken([key], contact))).toEqual(contact);
    expect(readUnsubscribeToken([key, older], unsubscribeToken([older], contact))).toEqual(contact);
  });

  it('is none for another contact, with another key, or changed', () => {
    const token = unsubscribeToken([key], contact);
    const [environment, , signature] = token.split('.');
    const others = [
      `${environment}.${newId()}.${signature}`,
      `${newId()}.${contact.id}.${signature}`,
      unsubscribeToken([randomBytes(32)], contact),
      token.slice(0, -1),
      `${token}.`,
      `${token}.x`,
      '',
      '..',
    ];
    for (const other of others) expect(readUnsubscribeToken([key], other), other).toBeNull();
  });
});
