import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { addressBlock } from '@rollcall/platform';
import { clientAddress } from './client-address';
import { RateLimits } from './rate-limits';
import './request-tenant';

/** What needs a credential from the first step on, where only one that is new to the process is held up by strangers of its address; and the probes. */
const EXEMPT = /^\/(scim|api\/v1)\/|^\/(healthz|readyz)$/;

/** Bounds what an address may ask for without a credential: pages, sign-in, documents. Answers 429 before anything is looked up. */
export function limitAddresses(app: NestFastifyApplication): void {
  const limits = app.get(RateLimits);
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', async (request) => {
    if (!isExempt(request)) limits.admitAddress(addressBlock(clientAddress(request)));
  });
  server.addHook('onResponse', (request, _reply, done) => {
    if (!request.tenant && !isExempt(request)) limits.chargeAddress(addressBlock(clientAddress(request)));
    done();
  });
}

function isExempt({ routeOptions }: FastifyRequest): boolean {
  return EXEMPT.test(routeOptions.url ?? '');
}
