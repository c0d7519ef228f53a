import type { onSendHookHandler, RouteOptions } from 'fastify';

/**
 * Puts a hook before the others that a route has for its answers: the last of those for HEAD, which Fastify added, drops the body.
 * Of two that are put there the later comes first.
 */
export function prependOnSend(route: RouteOptions, hook: onSendHookHandler): void {
  route.onSend = [hook, ...[route.onSend ?? []].flat()];
}
