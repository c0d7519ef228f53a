import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { RateLimits } from '../../http/rate-limits';
import { isRead } from '../requests/is-read';
import { RequestRecorder } from '../requests/record-requests';
import { beginDraft } from '../requests/request-draft';
import { ScimContext } from '../scim-context';
import { RefusalRecorder } from '../traffic/record-refusals';

/**
 * Checks the token of every SCIM request before its body is read, unknown paths included: 401 unless it is a secret of the
 * directory in the URL. Whether that secret is active and the directory enabled is read together with the operation, or, when
 * an error is found before that, by the filter that answers errors.
 */
export function authenticateScim(app: NestFastifyApplication): void {
  const context = app.get(ScimContext);
  const limits = app.get(RateLimits);
  const refusals = app.get(RefusalRecorder);
  const recorder = app.get(RequestRecorder);
  const server = app.getHttpAdapter().getInstance();
  server.decorateRequest('scimCaller', null);
  server.addHook('onRequest', async (request) => {
    const key = directoryOf(request);
    if (key === undefined) return;
    const caller = await context.authenticate(key, request);
    const { directoryId } = caller;
    request.tenant = { directoryId };
    beginDraft(request, caller, recorder.isWhole(directoryId));
    // Before the request has its caller, or the refusal would ask the database whether the token may act.
    limits.admitDirectory(directoryId, !isRead(request));
    request.scimCaller = caller;
  });
  server.addHook('onResponse', ({ scimCaller }, reply, done) => {
    if (scimCaller && !REFUSALS.has(reply.statusCode)) refusals.accepted(scimCaller.directoryId);
    done();
  });
}

/** Answers that may mean that the token was not accepted. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 429]);

/**
 * The directory of a SCIM request, once its caller is known; before that the key in its URL, which may be an alias. Undefined for URLs of
 * other surfaces.
 */
export function directoryOf(request: FastifyRequest): string | undefined {
  if (request.scimCaller) return request.scimCaller.directoryId;
  if (request.is404) return /^\/+scim\/+([^/?]*)\/+v[\d.]+(?=[/?]|$)/.exec(request.url)?.[1];
  if (!request.routeOptions.url?.startsWith('/scim/:key/')) return undefined;
  return (request.params as { key?: string }).key ?? '';
}
