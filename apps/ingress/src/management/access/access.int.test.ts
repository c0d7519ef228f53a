import { createTestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrateDatabase } from '@rollcall/database';
import type { ApiScope } from '@rollcall/contract';
import { runAsAdmin } from '../../testing/seed-directory';
import type { OrganizationList } from '../organizations/organization.dto';
import { drain } from '../testing/drain.test-support';
import { startApi } from '../testing/start-api';
import type { TestApi } from '../testing/start-api';
import { isReading, nameOf, unless, walkOperations } from '../testing/walk-operations';
import type { Call, OperationWalk } from '../testing/walk-operations';

let test: TestApi;
let walk: OperationWalk;
/** Another organization of the same environment, and a directory in it with one event. */
let other: { organization: string; directory: string; event: string };

beforeAll(async () => {
  test = await startApi(await createTestDatabase({ migrate: migrateDatabase }), {
    ALLOW_PRIVATE_WEBHOOK_TARGETS: 'true',
  });
  walk = await walkOperations(test);
  const directory = await test.newDirectory();
  await drain(test.database.appUrl, directory.id);
  await drain(test.database.appUrl, walk.known['directory_id'] ?? '');
  const feed = await test.api.call<Feed>('GET', `/events?directory_id=${directory.id}`);
  other = { organization: directory.organization_id, directory: directory.id, event: feed.body.events[0]?.id ?? '' };
});

afterAll(() => test?.stop());

/** Whether an organization is there, by which external id it is known and which features it has is the app owner's to say. */
const OF_THE_OWNER = ['updateOrganization', 'updateOrganizationSettings', 'deleteOrganization', 'eraseOrganization'];

interface Feed {
  events: { id: string; organization_id: string }[];
}

/** Narrows the suite's client for as long as something is tried; what it may do is read with each request. */
async function asClient(
  { scopes = ['read', 'write'], organization = null }: { scopes?: ApiScope[]; organization?: string | null },
  attempt: () => Promise<void>,
): Promise<void> {
  const narrow = (to: ApiScope[], id: string | null) =>
    runAsAdmin(test.database.adminUrl, [
      [
        'UPDATE api_clients SET scopes = $2, organization_id = $3 WHERE client_id = $1',
        [test.ingress.credentials.client_id, to, id?.slice(4) ?? null],
      ],
    ]);
  await narrow(scopes, organization);
  try {
    await attempt();
  } finally {
    await narrow(['read', 'write'], null);
  }
}

const scopeOf = (call: Call) => call.security?.[0]?.['access_token']?.join();

async function tryWith(call: Call, instead: Record<string, string> = {}) {
  const body = walk.rightBody(call);
  return walk.send(call, walk.fill(call, instead), { text: body && JSON.stringify(body) });
}

it('is stated by every operation: a scope, and what a client of one organization may do', () => {
  for (const call of walk.calls) {
    expect([nameOf(call), scopeOf(call)]).toEqual([nameOf(call), isReading(call) ? 'read' : 'write']);
    expect(['own', 'filtered', 'shared', 'refused'], nameOf(call)).toContain(call['x-organization-clients']);
    const isOwners = OF_THE_OWNER.includes(call.operationId);
    expect([nameOf(call), call['x-organization-clients'] === 'own']).toEqual([
      nameOf(call),
      call.path.includes('{organization_id}') && !isOwners,
    ]);
    if (isOwners) expect([nameOf(call), call['x-organization-clients']]).toEqual([nameOf(call), 'refused']);
  }
});

describe('a client that may only read', () => {
  it('is refused every operation that changes something with 403, and no other', async () => {
    await asClient({ scopes: ['read'] }, async () => {
      const wrong = await walk.findWrong(async (call) => {
        const answer = await tryWith(call);
        if (isReading(call)) return [answer.status !== 200 && `reading: ${answer.status}`];
        return [unless(answer, 403, /^insufficient_scope$/, 'changing')];
      });
      expect(wrong).toEqual([]);
    });
  });

  it('is told so in the challenge', async () => {
    await asClient({ scopes: ['read'] }, async () => {
      const { status, headers } = await test.api.call('POST', '/roles', { role_name: 'x' });
      expect([status, headers.get('www-authenticate')]).toEqual([
        403,
        'Bearer realm="rollcall", error="insufficient_scope", scope="write"',
      ]);
    });
  });
});

it('lets a client with the scope "write" alone read too', async () => {
  await asClient({ scopes: ['write'] }, async () => {
    expect((await test.api.call('GET', '/organizations')).status).toBe(200);
    expect((await test.api.call('POST', '/roles', { role_name: 'written' })).status).toBe(201);
  });
});

describe('a client of one organization', () => {
  const asOwn = (attempt: () => Promise<void>) =>
    asClient({ organization: walk.known['organization_id'] ?? '' }, attempt);

  it('finds nothing at any operation on another organization', async () => {
    await asOwn(async () => {
      const wrong = await walk.findWrong(async (call) => {
        if (call['x-organization-clients'] !== 'own') return [];
        const instead = { organization_id: other.organization, directory_id: other.directory };
        return [
          unless(await tryWith(call, instead), 404, /^organization_not_found$/, 'in another organization'),
          unless(await tryWith(call, { organization_id: 'x' }), 404, /^organization_not_found$/, 'without an id'),
        ];
      });
      expect(wrong).toEqual([]);
    });
  });

  it('finds no directory of another organization below its own', async () => {
    await asOwn(async () => {
      const wrong = await walk.findWrong(async (call) => {
        if (!call.path.includes('{directory_id}')) return [];
        return [unless(await tryWith(call, { directory_id: other.directory }), 404, /_not_found$/, 'as its own')];
      });
      expect(wrong).toEqual([]);
    });
  });

  it('is refused every operation about the whole environment with 403', async () => {
    await asOwn(async () => {
      const wrong = await walk.findWrong(async (call) => {
        if (call['x-organization-clients'] !== 'refused') return [];
        return [unless(await tryWith(call), 403, /^organization_client$/, 'of the environment')];
      });
      expect(wrong).toEqual([]);
    });
  });

  it('reads everything of its own organization', async () => {
    await asOwn(async () => {
      const wrong = await walk.findWrong(async (call) => {
        if (!isReading(call) || call['x-organization-clients'] === 'refused') return [];
        const { status } = await tryWith(call);
        return [status !== 200 && `${status}`];
      });
      expect(wrong).toEqual([]);
    });
  });

  it('sees itself alone in the list of organizations and by external id', async () => {
    await test.api.call('PATCH', `/organizations/${other.organization}`, { external_id: 'other' });
    await asOwn(async () => {
      const { body } = await test.api.call<OrganizationList>('GET', '/organizations');
      expect([body.total_size, body.organizations.map(({ id }) => id)]).toEqual([1, [walk.known['organization_id']]]);
      expect((await test.api.call('GET', '/organizations:external/acme')).status).toBe(200);
      expect((await test.api.call('GET', '/organizations:external/other')).status).toBe(404);
    });
  });

  it('sees the events of its organization alone, whatever it asks for', async () => {
    await asOwn(async () => {
      const { body } = await test.api.call<Feed>('GET', '/events');
      expect(body.events.length).toBeGreaterThan(0);
      expect(new Set(body.events.map((event) => event.organization_id))).toEqual(
        new Set([walk.known['organization_id']]),
      );
      for (const query of [
        `organization_id=${other.organization}`,
        `directory_id=${other.directory}`,
        `directory_id=${other.directory}&after_sequence=0`,
        `after=${other.event}`,
      ]) {
        expect([query, (await test.api.call('GET', `/events?${query}`)).status]).toEqual([query, 404]);
      }
    });
  });

  // Last, because the suite's own client ends here.
  it('ends with its organization', async () => {
    const organization = await test.newOrganization();
    const owners = await test.api.call<{ api_key: string }>('POST', '/api_clients', {
      name: 'owner',
      scopes: ['write'],
    });
    await asClient({ organization }, async () => {
      expect((await test.api.call('GET', '/organizations')).status).toBe(200);
      const url = `${test.ingress.baseUrl}/api/v1/organizations/${organization}`;
      const headers = { authorization: `Bearer ${owners.body.api_key}` };
      expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(204);
      expect((await test.api.call('GET', '/organizations')).status).toBe(401);
    });
  });
});
