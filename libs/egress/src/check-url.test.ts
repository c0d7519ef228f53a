import { describe, expect, it } from 'vitest';
import { checkNewUrl, checkUrl } from './check-url';
import { createPolicy } from './create-policy';

const guarded = createPolicy({
  allowPrivateTargets: false,
  ownHostnames: ['Rollcall.example', 'xn--bcher-kva.example.'],
});
const open = createPolicy({ allowPrivateTargets: true, ownHostnames: ['localhost'] });

describe('checkUrl', () => {
  it.each([
    'https://hooks.example.com/a?b=c',
    'https://hooks.example.com:80/',
    'https://hooks.example.com:8443/',
    'https://hooks.example.com:1024/',
    'https://hooks.example.com:65535/',
    'https://93.184.216.34/',
    'https://[2606:4700::1111]/',
  ])('lets %s through', (url) => expect(checkUrl(url, guarded).href).toBe(url));

  it.each([
    ['', 'invalid_url'],
    ['/hooks', 'invalid_url'],
    ['hooks.example.com', 'invalid_url'],
    ['https://', 'invalid_url'],
    ['https://256.256.256.256/', 'invalid_url'],
    ['https://[::1/', 'invalid_url'],
    ['http://hooks.example.com/', 'scheme_not_allowed'],
    ['ftp://hooks.example.com/', 'scheme_not_allowed'],
    ['file:///etc/passwd', 'scheme_not_allowed'],
    ['javascript:alert(1)', 'scheme_not_allowed'],
    ['https://user@hooks.example.com/', 'credentials_in_url'],
    ['https://:secret@hooks.example.com/', 'credentials_in_url'],
    ['https://hooks.example.com:22/', 'port_not_allowed'],
    ['https://hooks.example.com:0/', 'port_not_allowed'],
    ['https://hooks.example.com:1023/', 'port_not_allowed'],
    ['https://rollcall.example/', 'own_hostname'],
    ['https://ROLLCALL.EXAMPLE/', 'own_hostname'],
    ['https://rollcall.example./', 'own_hostname'],
    ['https://bücher.example/', 'own_hostname'],
    ['https://localhost/', 'address_not_public'],
    ['https://app.localhost/', 'address_not_public'],
    ['https://a.b.LOCALHOST./', 'address_not_public'],
    ['https://localhost.localdomain/', 'address_not_public'],
  ])('refuses %j as %s', (url, reason) => {
    expect(() => checkUrl(url, guarded)).toThrow(expect.objectContaining({ reason, blocked: true }));
  });

  it.each([
    'http://localhost:3000/hooks',
    'http://127.0.0.1/',
    'http://[::1]:1/',
    'https://10.0.0.1:22/',
    'http://192.168.0.1:8080/',
  ])('lets %s through where private targets are allowed', (url) => expect(checkUrl(url, open).href).toBe(url));

  it.each([
    ['nonsense', 'invalid_url'],
    ['ftp://127.0.0.1/', 'scheme_not_allowed'],
    ['http://user:secret@127.0.0.1/', 'credentials_in_url'],
  ])('refuses %j as %s even there', (url, reason) => {
    expect(() => checkUrl(url, open)).toThrow(expect.objectContaining({ reason }));
  });
});

describe('checkNewUrl', () => {
  const label = 'a'.repeat(63);

  it.each([
    'https://hooks.example.com/a?b=c',
    'https://hooks.example.com',
    'HTTPS://Hooks.Example.com./',
    'https://bücher.example/',
    'https://under_score.example/%20',
    `https://${label}.${label}.${label}.example/`,
    'https://127.0.0.1:4000/',
    'http://[::1]:1/',
    'http://app.localhost:3000/',
    'http://receiver/',
  ])('lets %s be saved where private targets are allowed', (url) => {
    expect(checkNewUrl(url, open).href).toBe(new URL(url).href);
  });

  it.each([
    [' https://hooks.example.com/', 'blanks_in_url'],
    ['https://hooks.example.com/ ', 'blanks_in_url'],
    ['https://hooks.example.com/\n', 'blanks_in_url'],
    ['https://hooks.exam\nple.com/', 'blanks_in_url'],
    ['https://hooks.example.com/a b', 'blanks_in_url'],
    ['ht\ttps://hooks.example.com/', 'blanks_in_url'],
    ['\u0001https://hooks.example.com/', 'blanks_in_url'],
    ['https://hooks.example.com/\u00a0', 'blanks_in_url'],
    ['https:\\\\hooks.example.com/', 'blanks_in_url'],
    ['https:///hooks.example.com/', 'host_missing'],
    ['https:hooks.example.com', 'host_missing'],
    ['https:/hooks.example.com', 'host_missing'],
    ['https://hooks.example.com/#part', 'fragment_in_url'],
    ['https://hooks.example.com/#', 'fragment_in_url'],
    ['https://hooks.example.com?a#b', 'fragment_in_url'],
    [`https://${'a'.repeat(300)}.example/`, 'invalid_host'],
    [`https://${'a'.repeat(64)}.example/`, 'invalid_host'],
    [`https://${`${label}.`.repeat(4)}example/`, 'invalid_host'],
    ['https://a..example/', 'invalid_host'],
    ['https://.example/', 'invalid_host'],
    ['https://-a.example/', 'invalid_host'],
    ['https://*.example/', 'invalid_host'],
    ['https://*.localhost.example/', 'invalid_host'],
  ])('refuses %j as %s, wherever targets may be', (url, reason) => {
    for (const policy of [guarded, open]) {
      expect(() => checkNewUrl(url, policy)).toThrow(expect.objectContaining({ reason, blocked: true }));
    }
  });

  it('refuses port 0, which nobody listens at', () => {
    expect(() => checkNewUrl('http://127.0.0.1:0/', open)).toThrow(
      expect.objectContaining({ reason: 'port_not_allowed' }),
    );
  });
});
