import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { addressBlock } from '@rollcall/platform';
import { clientAddress } from './client-address';
import { onEnded } from './on-ended';
import { RateLimits } from './rate-limits';
import './request-tenant';

/** What needs a credential from the first step on, where only one that is new to the process is held up by strangers of its address; and the probes. */
const EXEMPT = /^\/(scim|api\/v1|scalekit\.v1\.\w+\.\w+)\/|^\/(healthz|readyz)$/;

/** Requests that count as without a credential until they turn out to have one, with the address that they count for. */
const counted = new WeakMap<FastifyRequest, string>();

/**
 * Bounds what an address may ask for without a credential: pages, sign-in, documents. Answers 429 before anything is looked up. A request
 * counts from its beginning, so that many at once are no way around it. One that is refused does not count: it costs nothing, and a
 * client that asks too often gets on at its rate.
 */
export function limitAddresses(app: NestFastifyApplication): void {
  const limits = app.get(RateLimits);
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, _reply, done) => {
    if (!isExempt(request)) {
      const address = addressBlock(clientAddress(request));
      limits.admitAddress(address);
      limits.chargeAddress(address);
      counted.set(request, address);
    }
    done();
  });
  onEnded(server, (request) => {
    const address = counted.get(request);
    if (request.tenant && address !== undefined) limits.refundAddress(address);
  });
}

function isExempt({ routeOptions }: FastifyRequest): boolean {
  return EXEMPT.test(routeOptions.url ?? '');
}
