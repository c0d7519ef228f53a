import { randomUUID } from 'node:crypto';
import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildOktaUser, startReceiver, startRollcall, waitUntil } from '@rollcall/testing';
import type { Receiver, RunningRollcall } from '@rollcall/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDirectory } from './support/create-directory';
import type { ReadyDirectory } from './support/create-directory';
import { patchBody } from './support/patch-body';
import { readAllEvents } from './support/read-all-events';
import type { EventSummary } from './support/read-all-events';

const WRITERS = 6;
/** Writes acknowledged before everything is killed; more are under way at that moment. */
const ACKNOWLEDGED = 150;

/** What the provider was told: a write counts from its 2xx on. */
interface Acknowledged {
  created: Map<string, string>;
  deactivated: Set<string>;
}

describe('kill -9 of every process during writes', () => {
  let dataDir: string;
  let rollcall: RunningRollcall;
  let receiver: Receiver;
  let directory: ReadyDirectory;
  let secret: string;
  const acknowledged: Acknowledged = { created: new Map(), deactivated: new Set() };

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'rollcall-kill-'));
    await chmod(dataDir, 0o711);
    const options = { dataDir, env: { WEBHOOK_RETRY_SCHEDULE: '1,1,1,2,2,5,5' } };
    receiver = await startReceiver();
    rollcall = await startRollcall(options);
    directory = await createDirectory(rollcall);
    ({ secret } = await directory.api<{ secret: string }>('POST', '/webhook_endpoints', { url: receiver.url }));

    const writers = Array.from({ length: WRITERS }, () => writeUntilRefused(directory, acknowledged));
    await waitUntil(() => acknowledged.created.size >= ACKNOWLEDGED, { what: 'enough writes' });
    await rollcall.kill9();
    await Promise.all(writers);
    rollcall = await startRollcall({ ...options, env: { ...options.env, PORT: new URL(rollcall.baseUrl).port } });
  });

  afterAll(async () => {
    await rollcall.stop();
    await receiver.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('keeps every write that was acknowledged', async () => {
    for (const [id, userName] of acknowledged.created) {
      const response = await scim(directory, 'GET', `/Users/${id}`);
      expect(response.status).toBe(200);
      const user = (await response.json()) as { userName: string; active: boolean };
      expect(user.userName).toBe(userName);
      expect(user.active && acknowledged.deactivated.has(id)).toBe(false);
    }
  });

  it('has each change as its event exactly once, numbered without a gap', async () => {
    const events = await eventsOfAllChanges();
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    const countOf = (id: string, type: string) =>
      events.filter((event) => event.resourceId === `diruser_${id}` && event.type.endsWith(type)).length;
    for (const id of acknowledged.created.keys()) expect(countOf(id, 'user_created')).toBe(1);
    for (const id of acknowledged.deactivated) expect(countOf(id, 'user_updated')).toBe(1);
  });

  it('delivers every one of those events, signed, at least once', async () => {
    // The directory was there before the webhook endpoint was.
    const events = (await eventsOfAllChanges()).filter(({ type }) => type !== 'organization.directory_created');
    const requests = await receiver.waitFor((all) => {
      const delivered = new Set(all.map(({ headers }) => headers['webhook-id']));
      return events.every(({ id }) => delivered.has(id));
    });
    const webhook = new Webhook(secret);
    for (const { body, headers } of requests) {
      expect(() => webhook.verify(body, headers as Record<string, string>)).not.toThrow();
    }
  });

  /** The feed once it shows all acknowledged creations: the drain may still be catching up after the start. */
  function eventsOfAllChanges(): Promise<EventSummary[]> {
    return waitUntil(
      async () => {
        const events = await readAllEvents(directory);
        const seen = new Set(events.map(({ resourceId }) => resourceId));
        return [...acknowledged.created.keys()].every((id) => seen.has(`diruser_${id}`)) ? events : null;
      },
      { intervalMs: 250, what: 'every acknowledged change in the feed' },
    );
  }
});

/** Creates users and deactivates every third, until the server is gone. */
async function writeUntilRefused(directory: ReadyDirectory, acknowledged: Acknowledged): Promise<void> {
  for (let n = 0; ; n++) {
    const body = buildOktaUser(n, { userName: `${randomUUID()}@acme.test`, externalId: randomUUID() });
    const id = await acknowledgedId(directory, 'POST', '/Users', body);
    if (id === null) return;
    acknowledged.created.set(id, String(body['userName']));
    if (n % 3 !== 0) continue;
    const patch = patchBody({ op: 'replace', value: { active: false } });
    if ((await acknowledgedId(directory, 'PATCH', `/Users/${id}`, patch)) === null) return;
    acknowledged.deactivated.add(id);
  }
}

/** The id in a 2xx answer, or null when no whole answer came. */
async function acknowledgedId(
  directory: ReadyDirectory,
  method: string,
  path: string,
  body: Record<string, unknown>,
): Promise<string | null> {
  try {
    const response = await scim(directory, method, path, body);
    if (!response.ok) return null;
    return ((await response.json()) as { id: string }).id;
  } catch {
    return null;
  }
}

function scim(directory: ReadyDirectory, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${directory.scimUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${directory.token}`, 'content-type': 'application/scim+json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
