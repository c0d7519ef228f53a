import type { FastifyRequest } from 'fastify';
import type { AdmittedClient } from '@rollcall/management';
import type { Span } from '@rollcall/platform';

/** Whom a request acts for, as its credential says; all ids bare. Set by the surface's authentication, shown in the request log. */
export interface RequestTenant {
  environmentId?: string;
  organizationId?: string;
  directoryId?: string;
  /** The API client, at the management API. */
  client?: AdmittedClient;
}

declare module 'fastify' {
  interface FastifyRequest {
    tenant: RequestTenant | null;
    /** Where traces are made. */
    span: Span | null;
  }
}

export type { FastifyRequest };
