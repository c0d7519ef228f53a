import { fastify } from 'fastify';
import { expect, it } from 'vitest';
import { clientAddress } from './client-address';

/** What a server that trusts these proxies takes for the client of a request from `peer`. */
async function addressOf(trustProxy: string[], peer: string, forwarded?: string): Promise<string> {
  const server = fastify({ trustProxy: trustProxy.length > 0 && trustProxy });
  server.get('/', (request) => clientAddress(request));
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  const { body } = await server.inject({ url: '/', remoteAddress: peer, headers });
  return body;
}

it('is the connection’s own, whatever a header says, while no proxy is trusted', async () => {
  expect(await addressOf([], '203.0.113.9', '198.51.100.1')).toBe('203.0.113.9');
  expect(await addressOf(['10.0.0.0/8'], '203.0.113.9', '198.51.100.1')).toBe('203.0.113.9');
});

it('is the nearest address in X-Forwarded-For that is no trusted proxy', async () => {
  expect(await addressOf(['10.0.0.0/8'], '10.0.0.2', '6.6.6.6, 198.51.100.1, 10.9.9.9')).toBe('198.51.100.1');
  expect(await addressOf(['::1'], '::1', '2001:db8::7')).toBe('2001:db8::7');
});

it('is an address also when a proxy says something else', async () => {
  expect(await addressOf(['10.0.0.2'], '10.0.0.2', '198.51.100.1:4711')).toBe('198.51.100.1');
  expect(await addressOf(['10.0.0.2'], '10.0.0.2', '[2001:db8::7]:4711')).toBe('2001:db8::7');
  expect(await addressOf(['10.0.0.2'], '10.0.0.2', '<script>')).toBe('10.0.0.2');
  expect(await addressOf([], '::ffff:203.0.113.9')).toBe('203.0.113.9');
});
