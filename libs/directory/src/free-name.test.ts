import { describe, expect, it } from 'vitest';
import { freeName } from './free-name';

describe('freeName', () => {
  it('leaves a name alone that nobody has', () => {
    expect(freeName('Okta', [])).toBe('Okta');
    expect(freeName('Okta', ['Okta 2', 'Microsoft Entra ID'])).toBe('Okta');
  });

  it('counts on from 2 and takes the first gap', () => {
    expect(freeName('Okta', ['Okta'])).toBe('Okta 2');
    expect(freeName('Okta', ['Okta', 'Okta 2', 'Okta 4'])).toBe('Okta 3');
  });

  it('takes a name for the same that reads the same', () => {
    expect(freeName('Okta', [' okta '])).toBe('Okta 2');
  });
});
