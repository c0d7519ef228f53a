import type { FastifyInstance } from 'fastify';
import type { Config, Tracing } from '@rollcall/platform';
import { QUIET_ROUTES, templateOf } from './log-requests';
import { isAnswered, onEnded } from './on-ended';
import { statusOf } from './told-status';
import './request-tenant';

/**
 * Makes a span of each request. It begins a trace, linked with that of the request's `traceparent`: a stranger is not to say which
 * requests are kept, nor to add to a trace of somebody else (https://www.w3.org/TR/trace-context/#security-considerations). Where the
 * sender is trusted, the span is part of that trace instead. Its name and attributes are OpenTelemetry's for HTTP servers
 * (https://opentelemetry.io/docs/specs/semconv/http/http-spans/), without the URL, which holds ids and filters of people.
 */
export function traceRequests(
  server: FastifyInstance,
  tracing: Tracing,
  { trustTraceparent }: Pick<Config, 'trustTraceparent'>,
): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { method, headers, is404, routeOptions } = request;
    const route = is404 ? undefined : routeOptions.url && templateOf(routeOptions.url);
    if (route === undefined || !QUIET_ROUTES.has(route)) {
      const sent = typeof headers.traceparent === 'string' ? headers.traceparent : null;
      const related = trustTraceparent ? { parent: sent } : { links: sent === null ? [] : [sent] };
      request.span = tracing.start(route === undefined ? method : `${method} ${route}`, {
        kind: 'server',
        ...related,
        attributes: { 'http.request.method': method, 'http.route': route, 'rollcall.request_id': request.id },
      });
    }
    done();
  });
  onEnded(server, (request, reply) => {
    const { span } = request;
    const status = statusOf(request, reply);
    span?.set({ 'http.response.status_code': status });
    if (status >= 500) span?.fail(String(status));
    else if (!isAnswered(reply)) span?.fail('the client has gone');
    span?.end();
  });
}
