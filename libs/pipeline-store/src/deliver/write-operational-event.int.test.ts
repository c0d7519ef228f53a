import type { EndpointDisabledData } from '@rollcall/contract';
import { newId } from '@rollcall/platform';
import { createTestDatabase } from '@rollcall/testing';
import type { TestDatabase } from '@rollcall/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, migrateDatabase, tenantTransaction } from '@rollcall/database';
import type { DataSource } from '@rollcall/database';
import { buildDirectory, buildEndpoint } from '@rollcall/test-builders';
import type { BuiltDirectory } from '@rollcall/test-builders';
import { exchangeDeliveries } from './exchange-deliveries';
import { writeOperationalEvent } from './write-operational-event';

const DATA: EndpointDisabledData = {
  id: `whe_${newId()}`,
  url: 'https://app.test',
  description: '',
  event_types: [],
  organization_ids: [],
  ordering: 'resource',
  rate_limit: null,
  dialect: null,
  deactivation: null,
  enabled: false,
  disabled_reason: 'failing',
  create_time: '2026-11-22T08:00:00.000Z',
  update_time: '2026-11-22T08:00:00.000Z',
  reason: 'failing',
  failing_since: '2026-11-17T08:00:00.000Z',
  pending_deliveries: 0,
};

let database: TestDatabase;
let app: DataSource;
let directory: BuiltDirectory;

beforeAll(async () => {
  database = await createTestDatabase({ migrate: migrateDatabase });
  app = await createDataSource({ url: database.appUrl, poolSize: 4 }).initialize();
  directory = await buildDirectory(database.ownerUrl);
});

afterAll(async () => {
  await app.destroy();
  await database.drop();
});

async function createEndpoint(eventTypes: string[], organizationIds: string[] = []): Promise<string> {
  const { endpointId } = await buildEndpoint(app, directory, { ordering: 'fifo', eventTypes, organizationIds });
  return endpointId;
}

async function announce(subjectId: string, organizationId: string | null = null): Promise<string[]> {
  const { environmentId } = directory;
  return tenantTransaction(app, { environmentId }, (manager) =>
    writeOperationalEvent(manager, {
      environmentId,
      organizationId,
      directoryId: null,
      type: 'endpoint.disabled',
      subjectId,
      occurredAt: new Date('2026-11-22T10:00:00Z'),
      data: DATA,
    }),
  );
}

async function claim(endpointId: string) {
  const { claimed } = await exchangeDeliveries(
    app,
    { environmentId: directory.environmentId, endpointId },
    { finished: [], slots: 10, inFlightMax: 10 },
  );
  return claimed;
}

describe('an operational event', () => {
  it('is delivered with its own body to the endpoints that name its type, and to no other', async () => {
    const naming = await createEndpoint(['endpoint.disabled']);
    const everything = await createEndpoint([]);
    const otherType = await createEndpoint(['organization.directory.user_created']);
    expect(await announce(newId())).toEqual([naming]);
    const [delivery] = await claim(naming);
    expect(delivery).toMatchObject({ attempt: 1, replayId: null, directoryId: '' });
    expect(JSON.parse(delivery?.body ?? '')).toMatchObject({
      id: `evt_${delivery?.eventId}`,
      type: 'endpoint.disabled',
      object: 'WebhookEndpoint',
      sequence: null,
      directory_id: null,
      data: DATA,
    });
    expect([...(await claim(everything)), ...(await claim(otherType))]).toEqual([]);
  });

  it('is not sent to the endpoint that it is about', async () => {
    const subject = await createEndpoint(['endpoint.disabled']);
    expect(await announce(subject)).not.toContain(subject);
  });

  it('goes to an endpoint that is limited to organizations only when it concerns one of them', async () => {
    const limited = await createEndpoint(['endpoint.disabled'], [directory.organizationId]);
    expect(await announce(newId())).not.toContain(limited);
    expect(await announce(newId(), directory.organizationId)).toContain(limited);
  });

  it('stands in no line: a fifo endpoint gets several at once', async () => {
    const fifo = await createEndpoint(['endpoint.disabled']);
    await announce(newId());
    await announce(newId());
    expect((await claim(fifo)).length).toBe(2);
  });
});
