import type { IncomingMessage } from 'node:http';
import { LRUCache } from 'lru-cache';
import { HAND_OVER_HEADER } from '@rollcall/contract';
import type { DataSource } from '@rollcall/database';
import { locateHandOver, locatePortalLink, locatePortalSession } from '@rollcall/management';
import type { PlacedOrganization } from '@rollcall/management';
import { hashOpaqueToken } from '@rollcall/platform';
import { readSessionCookie } from '../portal-api/portal-cookie';
import type { Installation } from './installation';
import { cellUnavailable } from './refusals';

const REMEMBERED = 50_000;
/** An organization that is moved takes its sessions along, and a credential is never given to another. */
const KNOWN_MS = 60_000;
const UNKNOWN_MS = 2_000;

/** Finds the organization that a credential of the portal is for, in whichever cell that is. */
export interface PortalOwners {
  /** By the cookie of a session or the header of a hand-over; null when there is none, or no cell knows it. Throws AppError 503. */
  find(credential: 'session' | 'hand_over', request: IncomingMessage): Promise<PlacedOrganization | null>;
  /** By what stands behind the # of a link. */
  ofLink(token: string): Promise<PlacedOrganization | null>;
}

type Look = (store: DataSource, hash: string) => Promise<PlacedOrganization | null>;

/** Remembers for a short while whose a credential is; whether it is good any more, its cell says at each request. */
export function createPortalOwners({ cells, placements, config }: Installation): PortalOwners {
  const known = new LRUCache<string, PlacedOrganization>({ max: REMEMBERED, ttl: KNOWN_MS });
  const unknown = new LRUCache<string, true>({ max: REMEMBERED, ttl: UNKNOWN_MS });

  async function find(kind: string, token: string | null, look: Look): Promise<PlacedOrganization | null> {
    if (token === null) return null;
    const hash = hashOpaqueToken(token);
    const key = `${kind} ${hash}`;
    const owner = known.get(key);
    if (owner) return owner;
    if (unknown.has(key)) return null;
    const found = await placements.lookUp('credential', () => lookEverywhere(hash, look));
    if (found) known.set(key, found);
    else unknown.set(key, true);
    return found;
  }

  async function lookEverywhere(hash: string, look: Look): Promise<PlacedOrganization | null> {
    const answers = await Promise.allSettled(cells.map((cell) => cell.look((store) => look(store, hash))));
    for (const answer of answers) if (answer.status === 'fulfilled' && answer.value) return answer.value;
    if (answers.some(({ status }) => status === 'rejected')) throw cellUnavailable();
    return null;
  }

  return {
    find: (credential, { headers }) =>
      credential === 'session'
        ? find(credential, readSessionCookie({ headers }, config.publicUrl), locatePortalSession)
        : find(credential, String(headers[HAND_OVER_HEADER] ?? '') || null, locateHandOver),
    ofLink: (token) => find('link', token, locatePortalLink),
  };
}
