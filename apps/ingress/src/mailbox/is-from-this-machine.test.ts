import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isFromThisMachine } from './is-from-this-machine';

const request = (remoteAddress: string, headers: Record<string, string>) =>
  isFromThisMachine({ headers, socket: { remoteAddress } as Socket });

describe('isFromThisMachine', () => {
  it.each([
    ['127.0.0.1', 'localhost:4000'],
    ['::1', '[::1]:4000'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
  ])('takes a browser here (%s at %s)', (address, host) => {
    expect(request(address, { host })).toBe(true);
  });

  it.each([
    ['another machine', '192.168.1.7', { host: 'localhost:4000' }],
    ['a page whose name was made to lead here', '127.0.0.1', { host: 'evil.example' }],
    ['a name that only begins so', '127.0.0.1', { host: 'localhost.evil.example' }],
    ['a tunnel that runs here', '127.0.0.1', { host: 'localhost:4000', 'x-forwarded-for': '203.0.113.7' }],
    ['a proxy that runs here', '127.0.0.1', { host: '127.0.0.1', forwarded: 'for=203.0.113.7' }],
    ['a request without a host', '127.0.0.1', {}],
  ])('does not take %s', (_, address, headers) => {
    expect(request(address, headers as Record<string, string>)).toBe(false);
  });
});
