import type { FastifyInstance } from 'fastify';
import { publicId } from '@rollcall/platform';
import type { Logger, Metrics } from '@rollcall/platform';
import '../scim/requests/request-draft';
import { namesOf } from './name-request';
import { isAnswered, onEnded } from './on-ended';
import { statusOf } from './told-status';

/** Scraped or probed every few seconds: they would drown the log, and the traces. */
export const QUIET_ROUTES = new Set(['/healthz', '/readyz']);

/**
 * Writes one structured line per request and counts it: method, route template, status, milliseconds, ids of request and tenant. Never the
 * URL itself (ids and filters of people), headers or bodies.
 */
export function logRequests(server: FastifyInstance, { logger, metrics }: { logger: Logger; metrics: Metrics }): void {
  const seconds = metrics.histogram(
    'rollcall_http_request_seconds',
    'Time from request to answer, by method, template of the route and class of the status.',
    ['method', 'route', 'status'],
  );
  onEnded(server, (request, reply) => {
    const route = templateOf((request.is404 ? undefined : request.routeOptions.url) ?? 'unmatched');
    const status = statusOf(request, reply);
    const ms = Math.round(reply.elapsedTime * 100) / 100;
    seconds.observe({ method: request.method, route, status: `${Math.floor(status / 100)}xx` }, ms / 1_000);
    if (!QUIET_ROUTES.has(route)) {
      const { environmentId, organizationId, directoryId } = request.tenant ?? {};
      const loggedAs = request.scimDraft && publicId('req', request.scimDraft.caller.requestId);
      logger.info(
        {
          method: request.method,
          route,
          status,
          ms,
          ...(!isAnswered(reply) && { unheard: true }),
          ...namesOf(request),
          ...(loggedAs && loggedAs !== request.id && { scim_request_id: loggedAs }),
          ...(environmentId && { environment_id: publicId('env', environmentId) }),
          ...(organizationId && { organization_id: publicId('org', organizationId) }),
          ...(directoryId && { directory_id: publicId('dir', directoryId) }),
        },
        'request',
      );
    }
  });
}

const templates = new Map<string, string>();

/** The template of a route as people write it: without the patterns of its parameters, and with one colon where the router needs two. */
export function templateOf(route: string): string {
  let template = templates.get(route);
  if (template === undefined) {
    template = route.replace(/\((?:[^()]|\([^()]*\))*\)/g, '').replaceAll('::', ':');
    templates.set(route, template);
  }
  return template;
}
