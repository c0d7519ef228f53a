import { describe, expect, it } from 'vitest';
import { backAddress } from './back-address';

const of = (back: string) => backAddress(`?${new URLSearchParams({ back }).toString()}`);

describe('the way back from signing in', () => {
  it.each(['/dashboard/env_1/organizations?q=a&page=2#x', '/dashboard/env_1', '/dashboard'])(
    'leads to the page of the dashboard that it was: %s',
    (back) => {
      expect(of(back)).toBe(back);
    },
  );

  it.each([
    'https://evil.example/dashboard/env_1',
    '//evil.example/dashboard',
    String.raw`/\evil.example/dashboard`,
    'javascript:alert(1)',
    '/portal',
    '/dashboards',
    '/dashboard/../portal',
    '/dashboard/api/session',
    'http://',
    '',
  ])('leads nowhere else: %s', (back) => {
    expect(of(back)).toBe('/dashboard');
  });

  it('leads to the dashboard without one', () => {
    expect(backAddress('')).toBe('/dashboard');
  });
});
