import type { FastifyRequest } from 'fastify';
import { ScimError } from '@rollcall/scim';
import { isBareId } from '@rollcall/platform';
import type { AdmittedCalls } from '@rollcall/scim-store';
import { noteBody } from './requests/request-draft';

/** One SCIM operation to carry out, from a request of its own or from a bulk request. */
export interface ScimCall {
  /** What the stores are called with: gives rows only while the caller may act. */
  caller: AdmittedCalls;
  /** URL parameters as text. */
  query: Record<string, unknown>;
  /** As parsed; what may hold 100,000 members is read with `takeBody`. */
  body: unknown;
  /** The resource's id from the path; undefined when it cannot be one, so that nothing needs to be read to answer 404. */
  id?: string;
  ifMatch?: string;
  ifNoneMatch?: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the SCIM authentication: the calls of a caller whose token's hash was verified. */
    scimCaller: AdmittedCalls | null;
  }
}

/** The call that a request makes. Throws 401 when no caller was authenticated, whatever led there. */
export function readCall(request: FastifyRequest): ScimCall {
  const { scimCaller: caller, headers } = request;
  if (!caller) throw new ScimError(401, undefined, 'Send the token of this directory in the Authorization header.');
  const { id: named } = request.params as { id?: string };
  const id = named && caller.ownIdOf(named);
  const { body } = request;
  request.body = undefined;
  noteBody(request, body);
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  return {
    caller,
    query: request.query as Record<string, unknown>,
    body,
    ...(id !== undefined && isBareId(id) ? { id } : {}),
    ...(ifMatch === undefined ? {} : { ifMatch }),
    ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
  };
}

/** The body of a call, which no longer has it: while the database works, the request must not hold a large body twice. */
export function takeBody(call: ScimCall): unknown {
  const { body } = call;
  call.body = undefined;
  return body;
}
