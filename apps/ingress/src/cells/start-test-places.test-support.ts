import { expect } from 'vitest';
import type { ImportedService } from '@rollcall/directory';
import { parseId } from '@rollcall/platform';
import { startFaultProxy } from '@rollcall/testing';
import type { FaultProxy } from '@rollcall/testing';
import { importCustomer } from '../foreign-ids/import-customer.test-support';
import type { Kept } from '../foreign-ids/import-customer.test-support';
import type { DirectoryItem } from '../management/directories/directory.dto';
import type { IssuedSecretAnswer } from '../management/secrets/secret.dto';
import { drain } from '../management/testing/drain.test-support';
import { connectScim, pathOf } from '../management/testing/start-api';
import type { ScimClient } from '../management/testing/start-api';
import { startTestCells } from './start-test-cells.test-support';
import type { TestCells } from './start-test-cells.test-support';

export type CellName = 'control' | 'b';

/** An organization, whose external id is `at-` and its cell, with a directory, of which two users are in a group. */
export interface Place {
  cell: CellName;
  organization: string;
  directory: DirectoryItem;
  scim: ScimClient;
  users: string[];
  group: string;
}

/** Two cells with an organization in each, and a customer of b that came from another service. */
export interface TestPlaces extends TestCells {
  home: Record<CellName, Place>;
  /** Our ids of that customer. */
  imported: Kept;
  /** In front of the database of b. */
  proxy: FaultProxy;
  /** Adds a user and publishes its event. Returns its bare id. */
  addPerson(place: Place): Promise<string>;
}

/** @param kept what the application has kept of the customer */
export async function startTestPlaces(customer: { service: ImportedService; kept: Kept }): Promise<TestPlaces> {
  let proxy: FaultProxy | undefined;
  const test = await startTestCells(async ({ b: { appUrl } }) => {
    const url = new URL(appUrl);
    proxy = await startFaultProxy({ targetPort: Number(url.port) });
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    return { CELLS: `b=${url.href}` };
  });
  if (!proxy) throw new Error('the cells were started without the proxy');
  const inFront = proxy;
  await test.whenJoined();
  let people = 0;

  async function addTo(scim: ScimClient): Promise<string> {
    people += 1;
    const { status, body } = await scim.call('POST', '/Users', { userName: `person${people}@acme.test` });
    expect(status).toBe(201);
    return body.id;
  }

  async function newPlace(cell: CellName): Promise<Place> {
    const organization = await test.newOrganization(cell, { external_id: `at-${cell}` });
    const directory = await test.newDirectory(organization);
    const { body } = await test.api.call<IssuedSecretAnswer>('POST', `${pathOf(directory)}/secrets`);
    const scim = connectScim(test.baseUrl, directory, body.plain_secret);
    const ids = [await addTo(scim), await addTo(scim)];
    const members = ids.map((value) => ({ value }));
    const { body: group } = await scim.call('POST', '/Groups', { displayName: 'Crew', members });
    await drain(test[cell].appUrl, directory.id);
    const users = ids.map((id) => `diruser_${id}`);
    return { cell, organization, directory, scim, users, group: `dirgroup_${group.id}` };
  }

  const home = { control: await newPlace('control'), b: await newPlace('b') };
  const environmentId = parseId('env', test.credentials.environment_id) ?? '';
  return {
    ...test,
    home,
    proxy: inFront,
    imported: await importCustomer(test.b.adminUrl, environmentId, customer),
    addPerson: async ({ cell, scim, directory }) => {
      const id = await addTo(scim);
      await drain(test[cell].appUrl, directory.id);
      return id;
    },
    stop: async () => {
      await test.stop();
      await inFront.stop();
    },
  };
}
