import type { DirectorySecret } from '@rollcall/sdk';
import { describe, expect, it } from 'vitest';
import { secretName, secretNameOf } from './secret-name';

describe('secretName', () => {
  it('is the name and the last characters', () => {
    expect(secretName({ name: 'Okta', secret_suffix: 'AbC4' })).toBe('“Okta” ending in AbC4');
    expect(secretName({ name: null, secret_suffix: 'AbC4' })).toBe('ending in AbC4');
  });

  it('says of which directory it is where there are several', () => {
    expect(secretNameOf({ name: 'Old', secret_suffix: 'AbC4' }, 'Okta')).toBe('“Old” ending in AbC4 of Okta');
    expect(secretNameOf({ name: null, secret_suffix: 'AbC4' }, 'Okta')).toBe('ending in AbC4 of Okta');
  });

  it('has no name in the answer of a server that knows none yet', () => {
    expect(secretName({ secret_suffix: 'AbC4' } as DirectorySecret)).toBe('ending in AbC4');
  });
});
