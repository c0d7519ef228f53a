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
import { PAGE_HEADERS, pageHeadersFor, prefersPage } from './pages';
import { varyOn } from './vary-on';

/**
 * Serves the built portal: its page at `/portal` and the owner's at `/dashboard` and everything below that is no API, its hashed files
 * at `/assets/`. `/` leads a browser to the dashboard. Without a build the pages are 503 and say so.
 */
export async function servePortal(
  server: FastifyInstance,
  { folder, findFraming }: { folder: string; findFraming: FindFraming },
): Promise<void> {
  const template = await readBuilt(folder, 'message.html');
  if (template) server.decorate('pageTemplate', template.toString());
  leadToDashboard(server);
  const portal = await readBuilt(folder, 'index.html');
  await servePage(server, '/portal', portal, async (request) => pageHeadersFor(await findFraming(request)));
  await servePage(server, '/dashboard', await readBuilt(folder, 'dashboard.html'), () => PAGE_HEADERS);
  await serveAssets(server, join(folder, 'assets'));
}

function readBuilt(folder: string, file: string): Promise<Buffer | null> {
  return readFile(join(folder, file)).catch(() => null);
}

type PageHeaders = Record<string, string>;

/** Serves a page of the build at an address and everything below it that is no API. */
async function servePage(
  server: FastifyInstance,
  address: string,
  page: Buffer | null,
  headersFor: (request: FastifyRequest) => PageHeaders | Promise<PageHeaders>,
): Promise<void> {
  const coded = page && (await codeBody(page));
  const send = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | void> => {
    if (!surfaceOfPath(request.url.split('?', 1).join('')).hasPages) return reply.callNotFound();
    if (!coded) throw notBuilt();
    return sendCoded(request, reply.headers(await headersFor(request)), coded);
  };
  server.get(address, send);
  server.get(`${address}/*`, send);
}

/** Whoever types the server's name into a browser is its owner; people with a portal link follow that. */
function leadToDashboard(server: FastifyInstance): void {
  server.get('/', (request, reply) => {
    if (!prefersPage(request)) return reply.callNotFound();
    varyOn(reply, 'accept');
    return reply.header('cache-control', 'no-store').redirect('/dashboard', 302);
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
