import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildOktaUser } from '@rollcall/testing';
import type { ReadyDirectory } from './create-directory';
import { patchBody } from './patch-body';

/** What an identity provider was told, and what it met, until now. */
export interface SteadyLoad {
  /** Id and user name of those who were created. */
  readonly created: ReadonlyMap<string, string>;
  /** Those of them who were deactivated afterwards. */
  readonly deactivated: ReadonlySet<string>;
  /** Requests that were sent again: what was answered instead of their answer, or that nothing was. */
  readonly repeated: readonly string[];
  /** Resolves when everything that was begun has been acknowledged. Rejects with what a provider would have given up on. */
  end(): Promise<void>;
}

const WRITERS = 3;
const PAUSE_MS = 50;
const RETRY_MS = 200;

/**
 * Creates people and deactivates every second one, some dozen requests a second, as an identity provider does: what was not answered
 * or answered 5xx is sent again, and who then turns out to be there is looked up.
 */
export function provisionSteadily(directory: ReadyDirectory): SteadyLoad {
  const created = new Map<string, string>();
  const deactivated = new Set<string>();
  const repeated: string[] = [];
  const ending = new AbortController();
  const send = (method: string, path: string, body?: object) =>
    sendUntilAnswered(directory, { method, path, body }, repeated);
  const write = async () => {
    while (!ending.signal.aborted) {
      const id = await create(send, `${randomUUID()}@acme.test`, created);
      if (created.size % 2 === 0) {
        await send('PATCH', `/Users/${id}`, patchBody({ op: 'replace', value: { active: false } }));
        deactivated.add(id);
      }
      await sleep(PAUSE_MS);
    }
  };
  const writers = Promise.all(Array.from({ length: WRITERS }, write));
  // It is looked at in the end.
  writers.catch(() => undefined);
  return {
    created,
    deactivated,
    repeated,
    end: async () => {
      ending.abort();
      await writers;
    },
  };
}

type Send = (method: string, path: string, body?: object) => Promise<Response>;

async function create(send: Send, userName: string, created: Map<string, string>): Promise<string> {
  const answer = await send('POST', '/Users', buildOktaUser(created.size, { userName, externalId: randomUUID() }));
  const found = answer.status === 409 ? await find(send, userName) : ((await answer.json()) as { id: string });
  created.set(found.id, userName);
  return found.id;
}

async function find(send: Send, userName: string): Promise<{ id: string }> {
  const answer = await send('GET', `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`);
  const { Resources } = (await answer.json()) as { Resources: { id: string }[] };
  const [user] = Resources;
  if (!user) throw new Error(`${userName} is said to be there and is not found.`);
  return user;
}

async function sendUntilAnswered(
  { scimUrl, token }: ReadyDirectory,
  { method, path, body }: { method: string; path: string; body?: object },
  repeated: string[],
): Promise<Response> {
  for (let sent = 1; ; sent++) {
    const answer = await fetch(`${scimUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      ...(body && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => error);
    const wasThereBefore = sent > 1 && answer instanceof Response && answer.status === 409;
    if (answer instanceof Response && (answer.ok || wasThereBefore)) return answer;
    if (answer instanceof Response && answer.status < 500)
      throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    repeated.push(`${method}: ${answer instanceof Response ? answer.status : String(answer)}`);
    await sleep(RETRY_MS);
  }
}
