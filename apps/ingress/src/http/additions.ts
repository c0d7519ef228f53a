import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { AdmittedClient } from '@rollcall/management';

/** What this process adds to a request that it makes of a cell in the name of another. */
export interface Addition {
  /** Whom another cell has admitted; this one does not know who that is. */
  client?: AdmittedClient;
  /** Another cell's audit log tells of what it changes. */
  isRecordedElsewhere?: true;
}

/** The header that names an addition. Nobody outside can name one: names are random, and there while the request is made. */
export const ADDITION_HEADER = 'rollcall-addition';

const additions = new Map<string, Addition>();

/** Makes a request with an addition. @param make gets what the header is to be */
export async function withAddition<T>(addition: Addition, make: (name: string) => Promise<T>): Promise<T> {
  const name = randomUUID();
  additions.set(name, addition);
  try {
    return await make(name);
  } finally {
    additions.delete(name);
  }
}

/** What was added to a request; nothing to one from outside. */
export function additionOf({ headers }: Pick<FastifyRequest, 'headers'>): Addition {
  const name = headers[ADDITION_HEADER];
  return (typeof name === 'string' && additions.get(name)) || {};
}
