import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '@rollcall/platform';
import { readBody } from './read-body';

const JSON_TYPES = ['application/json', 'application/scim+json', 'application/merge-patch+json'];

/**
 * Takes JSON (RFC 7644 §3.8: also `application/scim+json`) and, for OAuth, forms; both in UTF-8. An empty body is `undefined`
 * whatever its Content-Type; any other type of a body that has content is 415.
 */
export function parseBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(JSON_TYPES, async (request: FastifyRequest, payload: IncomingMessage) =>
    parseJson(request, await readAll(request, payload)),
  );
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    async (request: FastifyRequest, payload: IncomingMessage) => parseForm(request, await readAll(request, payload)),
  );
  server.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage, done) => {
    refuseContent(payload, done);
  });
}

function readAll(request: FastifyRequest, payload: IncomingMessage): Promise<Buffer> {
  return readBody(payload, { limit: request.routeOptions.bodyLimit, admitLarge: request.admitLargeBody });
}

function parseJson(request: FastifyRequest, bytes: Buffer): unknown {
  const text = decode(request, bytes);
  if (text.trim() === '') return undefined;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw new AppError({
      kind: 'invalid',
      code: 'malformed_json',
      message: 'The request body is not valid JSON.',
      cause: withoutExcerpt(cause),
    });
  }
  // An escape can hide the name, so any escape is worth the walk.
  return text.includes('__proto__') || text.includes('\\u') ? withoutPrototypeKeys(body) : body;
}

/** Node.js quotes the offending text in the error's message; it may be personal. */
function withoutExcerpt(cause: unknown): unknown {
  return cause instanceof SyntaxError ? undefined : cause;
}

/** Forms are for the token endpoint (RFC 6749 §4.4.2); elsewhere one would be another site's page at work. */
function parseForm(request: FastifyRequest, bytes: Buffer): URLSearchParams | undefined {
  const text = decode(request, bytes);
  if (request.routeOptions.url?.startsWith('/oauth/')) return new URLSearchParams(text);
  if (text.trim() === '') return undefined;
  throw unsupportedMediaType();
}

function decode(request: FastifyRequest, bytes: Buffer): string {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/i.test(charset)) throw unsupportedMediaType();
  if (!isUtf8(bytes)) {
    throw new AppError({ kind: 'invalid', code: 'invalid_encoding', message: 'The request body is not valid UTF-8.' });
  }
  // A byte order mark is no part of the text (RFC 8259 §8.1 lets a reader ignore it).
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** Drops every own `__proto__` key: harmless as parsed, but it would set the prototype of an object it is copied to. */
function withoutPrototypeKeys(body: unknown): unknown {
  const rest = [body];
  for (let value = rest.pop(); value !== undefined; value = rest.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) delete (value as Record<string, unknown>)['__proto__'];
    for (const child of Object.values(value)) if (typeof child === 'object' && child !== null) rest.push(child);
  }
  return body;
}

/** Lets an empty body through as undefined and refuses the first byte of any other. */
function refuseContent(payload: IncomingMessage, done: (error: Error | null, body?: unknown) => void): void {
  let settled = false;
  const once = (error: Error | null): void => {
    if (settled) return;
    settled = true;
    done(error, undefined);
  };
  payload.once('data', () => {
    payload.pause();
    once(unsupportedMediaType());
  });
  payload.once('end', () => once(null));
  payload.once('error', once);
}

function unsupportedMediaType(): AppError {
  return new AppError({
    kind: 'unsupported_media_type',
    code: 'unsupported_media_type',
    message: 'Send the body as application/json (SCIM: application/scim+json) in UTF-8.',
  });
}
