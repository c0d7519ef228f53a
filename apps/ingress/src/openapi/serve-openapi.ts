import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { codeBody, sendCoded } from '../http/coded-body';
import type { CodedBody } from '../http/coded-body';
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

/** Serves the OpenAPI document at `/api/openapi.json` and a readable page of it at `/api/docs`. */
export function serveOpenApi(app: NestFastifyApplication, publicUrl: string): void {
  const server: FastifyInstance = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    if (/^\/api\/docs(\/|\?|$)/.test(request.url)) {
      reply.header('content-security-policy', CONTENT_SECURITY_POLICY).header('referrer-policy', 'no-referrer');
    }
    done();
  });
  serveLargeFiles(server);
  SwaggerModule.setup('api/docs', app, () => createOpenApiDocument(app, publicUrl), {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Rollcall management API',
    swaggerOptions: { persistAuthorization: false, tryItOutEnabled: false, validatorUrl: null },
  });
}

/** The files of the page that are large; it has some more, which @nestjs/swagger serves as they are. */
const LARGE_FILES = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui-standalone-preset.js': 'text/javascript; charset=utf-8',
};

/** Anybody may ask for the page: they are compressed once, when somebody does. */
function serveLargeFiles(server: FastifyInstance): void {
  const { resolve } = createRequire(import.meta.url);
  for (const [file, type] of Object.entries(LARGE_FILES)) {
    let body: Promise<CodedBody> | undefined;
    server.get(`/api/docs/${file}`, async (request, reply) => {
      body ??= readFile(resolve(`swagger-ui-dist/${file}`)).then(codeBody);
      const headers = { 'content-type': type, 'cache-control': 'public, max-age=3600' };
      return sendCoded(request, reply.headers(headers), await body);
    });
  }
}
