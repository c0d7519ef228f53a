import { describe, expect, it } from 'vitest';
import { readCookie, writeCookie } from './cookies';
import type { CookieToWrite } from './cookies';

const HTTP = 'http://localhost:4000';
const HTTPS = 'https://rollcall.example';
const TOKEN = 'a'.repeat(43);

describe('a cookie that is read', () => {
  it.each([
    ['by its name among others', HTTP, `other=1; session=${TOKEN}; session_2=${TOKEN}`, TOKEN],
    ['by the name for this host alone over https', HTTPS, `session=planted; __Host-session=${TOKEN}`, TOKEN],
    ['as none where another of the name was planted', HTTP, `session=${TOKEN}; session=${'b'.repeat(43)}`, null],
    ['as none where it is no text of ours', HTTP, `session="${TOKEN}"`, null],
    ['as none where there is none', HTTP, undefined, null],
  ])('is taken %s', (_, publicUrl, cookie, value) => {
    expect(readCookie({ headers: { cookie } }, publicUrl, 'session')).toBe(value);
  });
});

describe('a cookie that is written', () => {
  it('is for no script, and over https for this host alone', () => {
    const cookie: CookieToWrite = { name: 'session', value: TOKEN, seconds: 60, site: 'SameSite=Lax' };
    expect(written(HTTP, cookie)).toBe(`session=${TOKEN}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax`);
    expect(written(HTTPS, cookie)).toBe(`__Host-session=${TOKEN}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure`);
  });

  it('is removed by null', () => {
    const cookie: CookieToWrite = { name: 'session', value: null, seconds: 60, site: 'SameSite=Strict' };
    expect(written(HTTP, cookie)).toBe('session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict');
  });
});

function written(publicUrl: string, cookie: CookieToWrite): unknown {
  const headers = new Map<string, unknown>();
  writeCookie({ header: (name, value) => headers.set(name, value) }, publicUrl, cookie);
  return headers.get('set-cookie');
}
