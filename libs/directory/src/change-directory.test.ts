import { expect, it } from 'vitest';
import { changeDirectory } from './change-directory';

const current = { name: 'Staff', directoryProvider: 'OKTA', strict: true };

it('keeps what a patch leaves out', () => {
  expect(changeDirectory(current, {})).toEqual(current);
  expect(changeDirectory(current, { directoryProvider: 'ONELOGIN' })).toEqual({
    ...current,
    directoryProvider: 'ONELOGIN',
  });
  expect(changeDirectory(current, { strict: false })).toEqual({ ...current, strict: false });
});

it('sets defaults with null: the name of the provider, also of one chosen with it, and lenient reading', () => {
  expect(changeDirectory(current, { name: null, strict: null })).toEqual({ ...current, name: 'Okta', strict: false });
  expect(changeDirectory(current, { name: null, directoryProvider: 'MICROSOFT_AD' }).name).toBe('Microsoft Entra ID');
});
