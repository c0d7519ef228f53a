import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '@rollcall/platform';
import { ANSWER_CODINGS, chooseCoding } from './choose-coding';
import { codeBody, sendCoded } from './coded-body';

/** The page loads nothing but its own files, talks to its own origin only and cannot be framed. */
const CONTENT_SECURITY_POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `img-src 'self' data:`,
  `font-src 'self'`,
  `connect-src 'self'`,
  `form-action 'self'`,
  `base-uri 'none'`,
  `frame-ancestors 'none'`,
].join('; ');

const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
};

/**
 * Serves the built portal: its page at `/portal` and everything below that is no API, its hashed files at `/assets/`.
 * Without a build the page is 503 and says so.
 */
export async function servePortal(server: FastifyInstance, { folder }: { folder: string }): Promise<void> {
  const page = await readFile(join(folder, 'index.html')).catch(() => null);
  const coded = page && (await codeBody(page));
  const sendPage = (request: FastifyRequest, reply: FastifyReply): FastifyReply | void => {
    if (/^\/portal\/api(\/|\?|$)/.test(request.url)) return reply.callNotFound();
    if (!coded) throw notBuilt();
    return sendCoded(request, reply.headers(PAGE_HEADERS), coded);
  };
  server.get('/portal', sendPage);
  server.get('/portal/*', sendPage);
  await serveAssets(server, join(folder, 'assets'));
}

/** The build has left each file's compressed forms beside it. */
async function serveAssets(server: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  await server.register(async (scope) => {
    // The plugin takes `*` for gzip, also from one who refuses gzip: it is told what was chosen.
    scope.addHook('onRequest', (request, _reply, done) => {
      const { headers } = request.raw;
      headers['accept-encoding'] = chooseCoding(headers['accept-encoding'], ANSWER_CODINGS) ?? 'identity';
      done();
    });
    await scope.register(fastifyStatic, {
      root: folder,
      prefix: '/assets/',
      index: false,
      decorateReply: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (reply) => {
        reply.header('cache-control', 'public, max-age=31536000, immutable');
        reply.header('cross-origin-resource-policy', 'same-origin');
      },
    });
  });
}

function notBuilt(): AppError {
  return new AppError({
    kind: 'unavailable',
    code: 'portal_not_built',
    message: 'The portal has not been built on this server. Run `npm run build` and start again.',
  });
}
