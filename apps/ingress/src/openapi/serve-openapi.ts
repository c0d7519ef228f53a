import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
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
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', (request, reply, done) => {
      if (/^\/api\/docs(\/|\?|$)/.test(request.url)) {
        reply.header('content-security-policy', CONTENT_SECURITY_POLICY).header('referrer-policy', 'no-referrer');
      }
      done();
    });
  SwaggerModule.setup('api/docs', app, () => createOpenApiDocument(app, publicUrl), {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Rollcall management API',
    swaggerOptions: { persistAuthorization: false, tryItOutEnabled: false, validatorUrl: null },
  });
}
