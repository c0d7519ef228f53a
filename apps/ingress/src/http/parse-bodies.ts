import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AppError } from '@rollcall/platform';
import { CODINGS, readCoding } from './decode-body';
import { isOneSlice, parseInSlices, parseSlice } from './parse-in-slices';
import { readBody } from './read-body';
import { JsonScanner } from './scan-json';
import type { Piece } from './scan-json';

declare module 'fastify' {
  interface FastifyRequest {
    /** Bytes of the body that was parsed, without its coding. */
    bodyLength: number;
  }
}

const JSON_TYPES = ['application/json', 'application/scim+json', 'application/merge-patch+json'];

/**
 * Takes JSON (RFC 7644 §3.8: also `application/scim+json`) and, for OAuth, forms; both in UTF-8. An empty body is `undefined`
 * whatever its Content-Type; any other type or coding of a body that has content is 415.
 */
export function parseBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.decorateRequest('bodyLength', 0);
  server.addContentTypeParser(JSON_TYPES, async (request: FastifyRequest, payload: IncomingMessage) => {
    const scan = scanLarge();
    const bytes = await readDecoded(request, payload, scan.add);
    request.bodyLength = bytes.length;
    return parseJson(bytes, scan.finish);
  });
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    async (request: FastifyRequest, payload: IncomingMessage) =>
      parseForm(request, await readDecoded(request, payload)),
  );
  server.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) =>
    refuseContent(payload, unsupportedMediaType()),
  );
}

/** The body without its coding. What a few bytes may become is decoded only for callers who have been authenticated. */
async function readDecoded(
  request: FastifyRequest,
  payload: IncomingMessage,
  look?: (chunk: Buffer) => void,
): Promise<Buffer> {
  const coding = readCoding(request.headers['content-encoding']);
  if (coding === null || (coding !== undefined && request.tenant)) {
    return readBody(payload, { ...request.bodyRules(), coding, look });
  }
  await refuseContent(payload, unsupportedCoding());
  return Buffer.alloc(0);
}

/** A smaller body cannot be of a structure that costs much. */
const SCANNED_FROM = 32 * 1024;

/** Looks at the structure of a body while it arrives, if it is not small. */
function scanLarge(): { add: (chunk: Buffer) => void; finish: () => Piece | null } {
  let [first, length]: [Buffer[], number] = [[], 0];
  let scanner: JsonScanner | undefined;
  return {
    add(chunk) {
      first.push(chunk);
      length += chunk.length;
      if (length <= SCANNED_FROM) return;
      scanner ??= new JsonScanner();
      for (const one of first) scanner.add(one);
      first = [];
    },
    finish: () => scanner?.finish() ?? null,
  };
}

/** A charset says nothing about JSON (RFC 8259 §8.1, §11). */
async function parseJson(bytes: Buffer, findRoot: () => Piece | null): Promise<unknown> {
  refuseOtherThanUtf8(bytes);
  const root = findRoot();
  try {
    if (!isOneSlice(bytes)) return await parseInSlices(bytes, root);
    const text = decode(bytes);
    return text.trim() === '' ? undefined : parseSlice(text);
  } catch (cause) {
    throw new AppError({
      kind: 'invalid',
      code: 'malformed_json',
      message: 'The request body is not valid JSON.',
      cause: withoutExcerpt(cause),
    });
  }
}

/** Node.js quotes the offending text in the error's message; it may be personal. */
function withoutExcerpt(cause: unknown): unknown {
  return cause instanceof SyntaxError ? undefined : cause;
}

/** Forms are for the token endpoint (RFC 6749 §4.4.2); elsewhere one would be another site's page at work. */
function parseForm(request: FastifyRequest, bytes: Buffer): URLSearchParams | undefined {
  refuseOtherThanUtf8(bytes);
  const text = decode(bytes);
  if (request.routeOptions.url?.startsWith('/oauth/')) return new URLSearchParams(text);
  if (text.trim() === '') return undefined;
  throw unsupportedMediaType();
}

function refuseOtherThanUtf8(bytes: Buffer): void {
  if (!isUtf8(bytes)) {
    throw new AppError({ kind: 'invalid', code: 'invalid_encoding', message: 'The request body is not valid UTF-8.' });
  }
}

/** A byte order mark is no part of the text (RFC 8259 §8.1 lets a reader ignore it). */
function decode(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** Lets an empty body through as undefined and refuses the first byte of any other. */
function refuseContent(payload: IncomingMessage, refusal: AppError): Promise<undefined> {
  return new Promise((resolve, reject) => {
    payload
      .once('data', () => {
        payload.pause();
        reject(refusal);
      })
      .once('end', () => resolve(undefined))
      .once('error', reject);
  });
}

function unsupportedCoding(): AppError {
  return new AppError({
    kind: 'unsupported_media_type',
    code: 'unsupported_media_type',
    message: `Send the body as it is, without Content-Encoding. SCIM requests may also use one of ${CODINGS.join(', ')}.`,
  });
}

/** 415 for a body of a type that is not taken. */
export function unsupportedMediaType(): AppError {
  return new AppError({
    kind: 'unsupported_media_type',
    code: 'unsupported_media_type',
    message: 'Send the body as application/json (SCIM: application/scim+json) in UTF-8.',
  });
}
