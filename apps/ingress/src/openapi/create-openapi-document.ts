import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { ApiScope } from '@rollcall/contract';
import { ManagementModule } from '../management/management.module';
import { completeOperations } from './complete-operations';
import { asApiDocument } from './document-types';
import { addEventWebhooks } from './event-webhooks';
import { TAGS } from './tags';

const DESCRIPTION = `Organizations, their directories, and the events of what identity providers change in them.

Errors are \`{error: {code, message, details?}}\`. PATCH merges, null clears. Times are RFC 3339 in UTC, durations seconds.
Lists take \`page_size\` and \`page_token\`; the tokens are opaque and empty at the ends.

A POST with an \`Idempotency-Key\` is carried out once. Two at once: one is carried out, the other answered 409
\`idempotency_key_in_use\` with \`Retry-After\`. The same key with another body: 422 \`idempotency_key_reused\`. What was refused or
failed is forgotten, so that the key may be used again. Answers are kept sealed for 24 hours, the newest 100,000 of an environment; when
the server dies between doing it and keeping the answer, a repeat does nothing and is answered 409 \`idempotency_answer_lost\`.

An environment that asks for more than its limit is answered 429 with \`Retry-After\` in whole seconds, code \`rate_limited\`.

Each call names the scope that the API client must have; \`write\` includes \`read\`. A client may be for one organization: to it
another's objects are not there (404), lists and the event feed show its own organization's alone, and calls about the whole
environment are 403; \`x-organization-clients\` says which holds for a call.`;

const SCOPES: Record<ApiScope, string> = { read: 'Read everything.', write: 'Read and change everything.' };

/**
 * The OpenAPI 3.1 document of the management API and its token endpoint, from the controllers of an application that need not
 * listen. The same whatever the configuration, but for the server's address.
 * @param publicUrl base of every path
 */
export function createOpenApiDocument(app: INestApplication, publicUrl: string): OpenAPIObject {
  const settings = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Rollcall management API')
    .setDescription(DESCRIPTION)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(publicUrl)
    .addSecurity('access_token', {
      type: 'oauth2',
      flows: { clientCredentials: { tokenUrl: `${publicUrl}/oauth/token`, scopes: SCOPES } },
    })
    .addSecurity('api_key', { type: 'http', scheme: 'bearer', description: 'The `api_key` of an API client, `sk_…`' })
    .addSecurity('client', { type: 'http', scheme: 'basic', description: 'client_id and client_secret' })
    .build();
  const document = SwaggerModule.createDocument(app, settings, { include: [ManagementModule] });
  const completed = asApiDocument(document);
  completed.tags = Object.entries(TAGS).map(([name, description]) => ({ name, description }));
  completeOperations(completed);
  addEventWebhooks(completed);
  return document;
}
