import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { codeOnce, sendCoded } from '../http/coded-body';
import { createOpenApiDocument } from './create-openapi-document';

/** The page runs no inline script; its widgets set styles of their own. */
const CONTENT_SECURITY_POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self' 'unsafe-inline'`,
  `img-src 'self' data:`,
  `connect-src 'self'`,
  `base-uri 'none'`,
  `form-action 'self'`,
  `frame-ancestors 'none'`,
].join('; ');

const PAGE_HEADERS = { 'content-security-policy': CONTENT_SECURITY_POLICY, 'referrer-policy': 'no-referrer' };

const JAVASCRIPT = 'text/javascript; charset=utf-8';

/** Files of swagger-ui-dist that the page is made of. */
const FILES = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': JAVASCRIPT,
  'swagger-ui-bundle.js.LICENSE.txt': 'text/plain; charset=utf-8',
};

/** Serves the OpenAPI document at `/api/openapi.json` and a readable page of it at `/api/docs`. */
export function serveOpenApi(app: NestFastifyApplication, publicUrl: string): void {
  const server: FastifyInstance = app.getHttpAdapter().getInstance();
  const path = new URL(publicUrl).pathname.replace(/\/$/, '');
  const serve = (url: string, type: string, make: () => Promise<Buffer>) => serveToAll(server, { url, type, make });
  serve('/api/openapi.json', 'application/json; charset=utf-8', async () =>
    Buffer.from(JSON.stringify(createOpenApiDocument(app, publicUrl))),
  );
  serve('/api/docs', 'text/html; charset=utf-8', async () => Buffer.from(pageAt(path)));
  serve('/api/docs/start.js', JAVASCRIPT, async () => Buffer.from(scriptAt(path)));
  const { resolve } = createRequire(import.meta.url);
  for (const [file, type] of Object.entries(FILES)) {
    serve(`/api/docs/${file}`, type, () => readFile(resolve(`swagger-ui-dist/${file}`)));
  }
}

interface PublicBody {
  url: string;
  type: string;
  make: () => Promise<Buffer>;
}

/** Anybody may ask for it: it is made and compressed once, when somebody does. */
function serveToAll(server: FastifyInstance, { url, type, make }: PublicBody): void {
  const body = codeOnce(make);
  // Another version of the server has others: a browser asks whether its own is still the one.
  const headers = { ...PAGE_HEADERS, 'content-type': type, 'cache-control': 'no-cache' };
  server.get(url, async (request, reply) => sendCoded(request, reply.headers(headers), await body()));
}

/** @param path of PUBLIC_URL */
function pageAt(path: string): string {
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Rollcall management API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="${path}/api/docs/swagger-ui.css">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="${path}/api/docs/swagger-ui-bundle.js"></script>
    <script src="${path}/api/docs/start.js"></script>
  </body>
</html>
`;
}

function scriptAt(path: string): string {
  const options = {
    url: `${path}/api/openapi.json`,
    dom_id: '#swagger-ui',
    deepLinking: true,
    persistAuthorization: false,
    tryItOutEnabled: false,
    validatorUrl: null,
  };
  return `SwaggerUIBundle(${JSON.stringify(options)});\n`;
}
