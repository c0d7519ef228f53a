import type { FastifyRequest } from 'fastify';
import { isApiClientKnown } from '@rollcall/management';
import type { AdmittedClient } from '@rollcall/management';
import { accessTokenKeys, addressBlock, parseToken, verifyAccessToken } from '@rollcall/platform';
import type { AccessTokenSettings, SecretHasher } from '@rollcall/platform';
import { clientAddress } from '../http/client-address';
import { CLIENT_HASHER } from '../http/context.module';
import { RateLimits } from '../http/rate-limits';
import { admitClient } from '../management/access/admit-client';
import { readCredential } from '../management/access/read-credential';
import { readTokenRequest } from '../oauth/read-token-request';
import type { CellAnswer } from './ask-cell';
import type { Cell } from './cell';
import type { Installation } from './installation';
import { cellUnavailable } from './refusals';

/** The API client that a credential says it is of. Proves nothing. */
export interface ClaimedClient {
  /** Null: it is an API key, and whose that is only the cell knows that has it. */
  clientId: string | null;
}

/** Whose credential a request has; null when it has none that could be anybody's. */
export type ClaimReader = (installation: Installation, request: FastifyRequest) => Promise<ClaimedClient | null>;

/** By its access token, which is good, or its API key. */
const readBearerClaim: ClaimReader = async ({ control }, request) => {
  const credential = readCredential(request);
  if (credential === undefined) return null;
  if (credential.startsWith('sk_')) return parseToken(credential, 'sk') && { clientId: null };
  return verifyAccessToken(credential, tokensOf(control));
};

/** By what it asks for a token with. */
export const readTokenClaim: ClaimReader = async (_, { headers, body }) => {
  try {
    const { clientId } = readTokenRequest(headers.authorization, body);
    return clientId.includes('\0') ? null : { clientId };
  } catch {
    return null;
  }
};

/** What cells have answered to one request: none knows what it names, or who asks. */
export interface Refusal {
  refusal: CellAnswer;
  /** By the name of the cell; null for one that is away. */
  answers: ReadonlyMap<string, CellAnswer | null>;
  claimOf?: ClaimReader;
}

/** Lets a refusal pass that no cell would take back that is away. Throws AppError 503 else. */
export async function requireFinal(
  installation: Installation,
  request: FastifyRequest,
  { refusal, answers, claimOf = readBearerClaim }: Refusal,
): Promise<void> {
  const there = installation.cells.filter(({ name }) => answers.get(name) !== null);
  if (there.length === installation.cells.length) return;
  if (refusal.status === 401 && !(await mayBeOfAnother(installation, await claimOf(installation, request), there)))
    return;
  throw cellUnavailable();
}

/** Whether none of these cells has the client, which may be known to another: one that is limited to an organization is where that lives. */
async function mayBeOfAnother(
  { placements }: Installation,
  claimed: ClaimedClient | null,
  there: readonly Cell[],
): Promise<boolean> {
  if (!claimed) return false;
  const { clientId } = claimed;
  if (clientId === null) return true;
  const known = await placements.lookUp('credential', () =>
    Promise.allSettled(there.map((cell) => cell.look((store) => isApiClientKnown(store, clientId)))),
  );
  return !known.some((answer) => answer.status === 'fulfilled' && answer.value);
}

/** The client of a request's credential, if it is good in a cell: what that cell has answered may have come before it looked. */
export async function findAdmitted(cell: Cell, request: FastifyRequest): Promise<AdmittedClient | null> {
  const credential = readCredential(request);
  if (credential === undefined) return null;
  const [hasher, limits] = [cell.app.get<SecretHasher>(CLIENT_HASHER), cell.app.get(RateLimits)];
  const tools = { hasher, limits, tokens: tokensOf(cell), address: addressBlock(clientAddress(request)) };
  const client = await cell.look((dataSource) => admitClient({ ...tools, dataSource }, credential));
  // What was used there is noted there.
  return client && { ...client, touch: false };
}

function tokensOf({ config }: Cell): AccessTokenSettings {
  return { keys: accessTokenKeys(config), issuer: config.publicUrl };
}
