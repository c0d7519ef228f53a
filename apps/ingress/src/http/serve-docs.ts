import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DOCUMENTATION_PATH } from '@rollcall/contract';
import { codeOnce, sendCoded } from './coded-body';
import type { CodedBody } from './coded-body';
import type { ExplainedDetail } from './find-detail';
import { PAGE_HEADERS, prefersPage } from './pages';
import { varyOn } from './vary-on';

declare module 'fastify' {
  interface FastifyInstance {
    /** The documentation that is served, and below which address, which may have a path; undefined where there is none. */
    documentation?: { readonly base: string; readonly scimDetails: readonly ExplainedDetail[] };
  }
}

/** A file of the documentation, read and compressed when somebody asks for it first. */
interface DocumentationFile {
  readonly headers: Record<string, string>;
  readonly read: () => Promise<CodedBody>;
}

const { 'cache-control': _notKept, ...HEADERS } = PAGE_HEADERS;

/** A page is asked for again each time, and mostly not sent again. */
const ASK_EACH_TIME = 'no-cache';

/** Files below `assets/` are named after what they hold. */
const FOR_EVER = 'public, max-age=31536000, immutable';

const MEDIA_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
};

/**
 * Serves the built documentation: its pages at `/docs` and below, each also as Markdown, and `/llms.txt`. Only files that were there at
 * the start are served. Where there is no build, nothing is, and errors do not link to it.
 */
export async function serveDocs(
  server: FastifyInstance,
  { folder, publicUrl }: { folder: string | undefined; publicUrl: string },
): Promise<void> {
  const base = publicUrl.replace(/\/$/, '');
  const { pathname } = new URL(base);
  const files =
    folder === undefined ? new Map<string, DocumentationFile>() : await listFiles(folder, pathname.replace(/\/$/, ''));
  const index = files.get(DOCUMENTATION_PATH);
  if (!index) return;
  const scimDetails = folder === undefined ? [] : await readDetails(folder);
  server.decorate('documentation', { base, scimDetails });
  const missing = files.get(`${DOCUMENTATION_PATH}/404`);
  const send = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | void> => {
    const path = request.url.split('?', 1).join('');
    const file = files.get(path.length > 1 ? path.replace(/\/$/, '') : path);
    if (file) return sendCoded(request, reply.headers(file.headers), await file.read());
    varyOn(reply, 'accept');
    if (!missing || !prefersPage(request)) return reply.callNotFound();
    return sendCoded(request, reply.code(404).headers(missing.headers), await missing.read());
  };
  server.get(DOCUMENTATION_PATH, send);
  server.get(`${DOCUMENTATION_PATH}/*`, send);
  server.get('/llms.txt', send);
}

/** The files of the folder by the path at which they are served; none when there is no folder. Their links lead below `prefix`. */
async function listFiles(folder: string, prefix: string): Promise<Map<string, DocumentationFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    paths.map((path) => {
      const name = relative(folder, path).split(sep).join('/');
      const headers = {
        ...HEADERS,
        'content-type': MEDIA_TYPES[extname(name)] ?? 'application/octet-stream',
        'cache-control': name.startsWith('assets/') ? FOR_EVER : ASK_EACH_TIME,
      };
      return [addressOf(name), { headers, read: codeOnce(async () => leadBelow(prefix, await readFile(path))) }];
    }),
  );
}

/** The pages are built to be at the root of their origin; a proxy may have them below a path. */
function leadBelow(prefix: string, file: Buffer): Buffer {
  if (prefix === '') return file;
  return Buffer.from(file.toString().replaceAll(/(href="|\]\()\//g, (_link, start: string) => `${start}${prefix}/`));
}

/** What the build has made of the page of SCIM's errors. */
async function readDetails(folder: string): Promise<ExplainedDetail[]> {
  const text = await readFile(join(folder, 'errors/scim-details.json'), 'utf8').catch(() => '[]');
  return JSON.parse(text) as ExplainedDetail[];
}

function addressOf(name: string): string {
  if (name === 'llms.txt') return '/llms.txt';
  const page = name.replace(/\.html$/, '');
  return page === 'index' ? DOCUMENTATION_PATH : `${DOCUMENTATION_PATH}/${page}`;
}
