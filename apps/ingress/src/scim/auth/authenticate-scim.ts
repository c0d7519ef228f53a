import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { claimedSecretId, isBareId, parseToken } from '@rollcall/platform';
import { ScimError } from '@rollcall/scim';
import { admitCaller, findDirectorySecret } from '@rollcall/scim-store';
import type { ScimCaller } from '@rollcall/scim-store';
import { REMEMBERED_SECRETS } from '../../http/context.module';
import type { ScimContext } from '../scim-context';
import { admit } from './admit';
import { readBearerToken } from './read-bearer-token';

/**
 * Checks the token of every SCIM request before its body is read, unknown paths included: 401 unless it is a secret of the
 * directory in the URL. Whether that secret is active and the directory enabled is read together with the operation, or, when
 * an error is found before that, by `confirmCaller`.
 */
export function authenticateScim(server: FastifyInstance, context: ScimContext): void {
  const verifyToken = createTokenVerifier(context);
  server.decorateRequest('scimCaller', null);
  server.addHook('onRequest', async (request) => {
    const directoryId = directoryOf(request);
    if (directoryId === undefined) return;
    const caller = await verifyToken(directoryId, request.headers.authorization);
    request.scimCaller = caller;
    request.tenant = { directoryId };
    request.confirmCaller = async () => {
      admit(context, caller, await admitCaller(context.pool, caller));
    };
  });
}

/** The directory key of a SCIM URL; undefined for URLs of other surfaces. */
function directoryOf(request: FastifyRequest): string | undefined {
  if (request.is404) return /^\/+scim\/+([^/?]*)\/+v[\d.]+(?=[/?]|$)/.exec(request.url)?.[1];
  if (!request.routeOptions.url?.startsWith('/scim/:key/')) return undefined;
  return (request.params as { key?: string }).key ?? '';
}

type TokenVerifier = (directoryId: string, authorization: string | undefined) => Promise<ScimCaller>;

/** Verifies tokens; of those it has seen before without a look-up. Throws ScimError 401. */
function createTokenVerifier({ pool, hasher }: ScimContext): TokenVerifier {
  // Hash versions of the secrets in use. An outdated one only costs a look-up.
  const versions = new LRUCache<string, number>({ max: REMEMBERED_SECRETS });
  return async (directoryId, authorization) => {
    const token = readBearerToken(authorization);
    if (token === undefined) throw unauthorized('Send the token of this directory in the Authorization header.');
    const secretId = claimedSecretId(token);
    if (secretId === null || !isBareId(directoryId)) throw unknownToken();
    const id = `${directoryId}/${secretId}`;
    const version = versions.get(id);
    if (version !== undefined && hasher.isRemembered(token, { id, version })) {
      return { directoryId, secretId, secretVersion: version };
    }
    if (!parseToken(token)) throw unknownToken();
    const stored = await findDirectorySecret(pool, directoryId, secretId);
    if (!stored || !(await hasher.verify(token, { id, ...stored }))) throw unknownToken();
    versions.set(id, stored.version);
    return { directoryId, secretId, secretVersion: stored.version };
  };
}

function unknownToken(): ScimError {
  return unauthorized(
    'The token is not one of this directory. Copy the base URL and the token from the setup page again.',
  );
}

function unauthorized(detail: string): ScimError {
  return new ScimError(401, undefined, detail);
}
