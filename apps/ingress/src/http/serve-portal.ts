import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '@rollcall/platform';
import type { FindFraming } from '../portal-api/find-framing';
import { ANSWER_CODINGS, chooseCoding } from './choose-coding';
import { codeBody, sendCoded } from './coded-body';
import { surfaceOfPath } from './error-surfaces';
import { pageHeadersFor, prefersPage, sendPage, START_PAGE } from './pages';
import { varyOn } from './vary-on';

/**
 * Serves the built portal: its page at `/portal` and everything below that is no API, its hashed files at `/assets/`, and to
 * browsers a page at `/`. Without a build the portal's page is 503 and says so.
 */
export async function servePortal(
  server: FastifyInstance,
  { folder, findFraming }: { folder: string; findFraming: FindFraming },
): Promise<void> {
  const [page, template] = await Promise.all([readBuilt(folder, 'index.html'), readBuilt(folder, 'message.html')]);
  if (template) server.decorate('pageTemplate', template.toString());
  serveStartPage(server);
  const coded = page && (await codeBody(page));
  const sendPortal = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | void> => {
    if (!surfaceOfPath(request.url.split('?', 1).join('')).hasPages) return reply.callNotFound();
    if (!coded) throw notBuilt();
    return sendCoded(request, reply.headers(pageHeadersFor(await findFraming(request))), coded);
  };
  server.get('/portal', sendPortal);
  server.get('/portal/*', sendPortal);
  await serveAssets(server, join(folder, 'assets'));
}

function readBuilt(folder: string, file: string): Promise<Buffer | null> {
  return readFile(join(folder, file)).catch(() => null);
}

function serveStartPage(server: FastifyInstance): void {
  server.get('/', (request, reply) => {
    if (!prefersPage(request)) return reply.callNotFound();
    varyOn(reply, 'accept');
    return sendPage(reply, START_PAGE);
  });
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
