import { describe, expect, it } from 'vitest';
import { isReachableFromCloud } from './is-reachable-from-cloud';

describe('isReachableFromCloud', () => {
  it('accepts a public https address', () => {
    expect(isReachableFromCloud('https://scim.example.com/scim/abc/v2')).toBe(true);
    expect(isReachableFromCloud('https://172.15.0.1/scim/abc/v2')).toBe(true);
  });

  it.each([
    'http://scim.example.com/scim/abc/v2',
    'http://localhost:4000/scim/abc/v2',
    'https://localhost:4000/scim/abc/v2',
    'https://127.0.0.1/scim/abc/v2',
    'https://10.1.2.3/scim/abc/v2',
    'https://172.20.0.4/scim/abc/v2',
    'https://192.168.1.9/scim/abc/v2',
    'https://idp.internal/scim/abc/v2',
    'https://[::1]/scim/abc/v2',
    'not a url',
  ])('warns about %s', (url) => {
    expect(isReachableFromCloud(url)).toBe(false);
  });
});
