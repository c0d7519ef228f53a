import type { FastifyRequest } from 'fastify';

/** Whom a request acts for, as its credential says; all ids bare. Set by the surface's authentication, shown in the request log. */
export interface RequestTenant {
  environmentId?: string;
  organizationId?: string;
  directoryId?: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    tenant: RequestTenant | null;
    /**
     * Set where the credential's state is read together with the operation: called before an error is answered that was
     * found earlier, and throws when the caller may not act at all, so that a revoked credential learns nothing else.
     */
    confirmCaller: (() => Promise<void>) | null;
  }
}

export type { FastifyRequest };
