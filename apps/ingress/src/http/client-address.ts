import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * The address that a request came from: the connection's, or what a trusted proxy says of it (TRUSTED_PROXIES). What a proxy says
 * may have a port or be no address at all; then it is the proxy's own. IPv4 in IPv6 form is given as IPv4.
 */
export function clientAddress(request: Pick<FastifyRequest, 'ip' | 'socket'>): string {
  const address = readAddress(request.ip) ?? readAddress(request.socket.remoteAddress ?? '');
  return address ?? 'unknown';
}

function readAddress(text: string): string | null {
  if (isIP(text) === 4) return text;
  const withoutPort = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = withoutPort.replace(/^::ffff:(?=[\d.]+$)/i, '').replace(/%.*$/, '');
  return isIP(address) === 0 ? null : address;
}
