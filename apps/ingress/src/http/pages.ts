import type { FastifyReply, FastifyRequest } from 'fastify';
import { escapeHtml } from '@rollcall/platform';
import { readPreferences } from './read-preferences';
import type { Problem } from './to-problem';

declare module 'fastify' {
  interface FastifyInstance {
    /** How the server's own pages look, from the portal's build: HTML with a place for `{{title}}` and one for `{{content}}`. */
    pageTemplate?: string;
  }
}

/** A page loads nothing but its own files, talks to its own origin only and cannot be framed but by whom it says. */
const policyOf = (ancestors: string): string =>
  [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors ${ancestors}`,
  ].join('; ');

/** What every page is sent with, the portal's and the server's own. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': policyOf(`'none'`),
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
};

/** The same for a page that may be shown in a frame on pages of these origins; none: by nobody. */
export function pageHeadersFor(framedBy: readonly string[]): Record<string, string> {
  if (framedBy.length === 0) return PAGE_HEADERS;
  // The older header knows one origin at most, and what opens a window of its own is nothing for a frame.
  const { 'x-frame-options': _deny, 'cross-origin-opener-policy': _alone, ...headers } = PAGE_HEADERS;
  return {
    ...headers,
    'content-security-policy': policyOf(framedBy.join(' ')),
    // Else a page that embeds only what says so (COEP) could not show it.
    'cross-origin-resource-policy': 'cross-origin',
  };
}

/** What a page of the server's own says. */
export interface Page {
  title: string;
  /** HTML. */
  content: string;
}

/** What a browser is shown in the place of an answer. Of the request it repeats nothing. */
export function pageOfProblem({ status, code, message }: Problem): Page {
  const back = '<p class="actions"><a class="primary" href="/">Go to the start page</a></p>';
  if (status === 404) {
    return {
      title: 'This page does not exist',
      content: `<p>The address is wrong, or what it showed is no longer there.</p>${back}`,
    };
  }
  const title = code === 'portal_not_built' ? 'The portal is not there yet' : 'That did not work';
  return { title, content: `<p>${escapeHtml(message)}</p>${back}` };
}

/** Whether a request would rather be answered with a page: a browser names HTML, and programs do not. */
export function prefersPage({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  const preferences = readPreferences(headers.accept);
  const page = preferences.get('text/html') ?? 0;
  return page > 0 && page >= (preferences.get('application/json') ?? 0);
}

/** Sends a page of the server's own, plain where the portal was not built. */
export function sendPage(reply: FastifyReply, { title, content }: Page): FastifyReply {
  const template = reply.server.pageTemplate ?? PLAIN;
  const html = template.replaceAll('{{title}}', () => escapeHtml(title)).replace('{{content}}', () => content);
  return reply.headers(PAGE_HEADERS).send(html);
}

const PLAIN = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="robots" content="noindex" />
    <title>{{title}}</title>
  </head>
  <body>
    <main>
      <h1>{{title}}</h1>
      {{content}}
    </main>
  </body>
</html>
`;
