import { describe, expect, it } from 'vitest';
import { alsoFlat, alsoNamed, within } from './other-forms';

describe('a body in another service’s form', () => {
  it('has a field by another name, unless its own is there too', () => {
    const read = alsoNamed('role_name', 'name');
    expect(read({ name: 'a', x: 1 })).toEqual({ role_name: 'a', x: 1 });
    for (const body of [{ role_name: 'a' }, { role_name: 'a', name: 'b' }, {}]) expect(read(body)).toBe(body);
  });

  it('has the fields of an object at the top level, unless the object is there', () => {
    const read = alsoFlat('directory', ['type', 'name']);
    expect(read({ type: 'SCIM', another: true })).toEqual({ directory: { type: 'SCIM' }, another: true });
    for (const body of [{ directory: {}, type: 'x' }, { another: true }, {}]) expect(read(body)).toBe(body);
  });

  it('has them within a field that is an object, and anything else there stays for the rules to refuse', () => {
    const read = within('default_member', alsoNamed('role_name', 'name'));
    expect(read({ default_member: { name: 'a' } })).toEqual({ default_member: { role_name: 'a' } });
    for (const body of [{ default_member: null }, { default_member: ['name'] }, { default_member: 'name' }, {}])
      expect(read(body)).toBe(body);
  });
});
