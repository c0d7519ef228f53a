import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OrganizationList } from '../management/organizations/organization.dto';
import type { DirectoryItem } from '../management/directories/directory.dto';
import { drain } from '../management/testing/drain.test-support';
import { connectScim, pathOf } from '../management/testing/start-api';
import type { ScimClient } from '../management/testing/start-api';
import type { IssuedSecretAnswer } from '../management/secrets/secret.dto';
import { startTestCells } from './testing/start-test-cells';
import type { TestCells } from './testing/start-test-cells';

let test: TestCells;
/** An organization in each cell with a directory and a client of its SCIM endpoint. */
let home: { control: Place; b: Place };

interface Place {
  organization: string;
  directory: DirectoryItem;
  scim: ScimClient;
}

beforeAll(async () => {
  test = await startTestCells();
  await test.whenJoined();
  home = { control: await newPlace('control'), b: await newPlace('b') };
});

afterAll(() => test?.stop());

async function newPlace(cell: 'control' | 'b'): Promise<Place> {
  const organization = await test.newOrganization(cell);
  const directory = await test.newDirectory(organization);
  const { body } = await test.api.call<IssuedSecretAnswer>('POST', `${pathOf(directory)}/secrets`);
  return { organization, directory, scim: connectScim(test.baseUrl, directory, body.plain_secret) };
}

interface Feed {
  events: { id: string; directory_id: string; sequence: number; occurred_at: string }[];
  next_after: string;
  has_more: boolean;
  unavailable_cells?: string[];
}

let people = 0;
async function addPeople({ scim }: Place, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    people += 1;
    const user = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: `person${people}@acme.test` };
    expect((await scim.call('POST', '/Users', user)).status).toBe(201);
  }
}

const drainBoth = () =>
  Promise.all([drain(test.control.appUrl, home.control.directory.id), drain(test.b.appUrl, home.b.directory.id)]);

async function readFeed(query = '', size = 100): Promise<Feed['events']> {
  const events: Feed['events'] = [];
  for (let after = ''; ;) {
    const { status, body } = await test.api.call<Feed>(
      'GET',
      `/events?page_size=${size}${query}${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`,
    );
    expect(status).toBe(200);
    events.push(...body.events);
    after = body.next_after;
    if (!body.has_more) return events;
  }
}

describe('organizations of several cells', () => {
  it('are listed as one, page by page, forwards and back', async () => {
    const whole = await test.api.call<OrganizationList>('GET', '/organizations?page_size=100');
    const ids = whole.body.organizations.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted());
    expect(ids).toEqual(expect.arrayContaining([home.control.organization, home.b.organization]));
    expect(whole.body).toMatchObject({ total_size: ids.length, next_page_token: '', prev_page_token: '' });
    const walked: string[] = [];
    let page = (await test.api.call<OrganizationList>('GET', '/organizations?page_size=1')).body;
    for (;;) {
      walked.push(...page.organizations.map(({ id }) => id));
      if (page.next_page_token === '') break;
      page = (
        await test.api.call<OrganizationList>('GET', `/organizations?page_size=1&page_token=${page.next_page_token}`)
      ).body;
    }
    expect(walked).toEqual(ids);
    const back: string[] = [...page.organizations.map(({ id }) => id)];
    while (page.prev_page_token !== '') {
      page = (
        await test.api.call<OrganizationList>('GET', `/organizations?page_size=1&page_token=${page.prev_page_token}`)
      ).body;
      back.unshift(...page.organizations.map(({ id }) => id));
    }
    expect(back).toEqual(ids);
  });

  it('answer SCIM, each with the tokens of its own directories alone', async () => {
    await addPeople(home.control, 1);
    await addPeople(home.b, 1);
    for (const [mine, other] of [
      [home.control, home.b],
      [home.b, home.control],
    ] as const) {
      const foreign = connectScim(test.baseUrl, other.directory, mine.scim.token);
      expect((await foreign.call('GET', '/Users')).status).toBe(401);
      expect((await mine.scim.call('GET', '/Users')).body).toMatchObject({ totalResults: 1 });
    }
  });
});

describe('the event feed of several cells', () => {
  it('has every event once and each directory in order, whatever the size of a page', async () => {
    for (let turn = 0; turn < 4; turn++) {
      await addPeople(home.control, 2);
      await drain(test.control.appUrl, home.control.directory.id);
      await addPeople(home.b, 3);
      await drain(test.b.appUrl, home.b.directory.id);
    }
    await drainBoth();
    const all = await readFeed();
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { directory } of Object.values(home)) {
      const sequences = all.filter((event) => event.directory_id === directory.id).map(({ sequence }) => sequence);
      expect(sequences).toEqual(sequences.map((_, index) => index + 1));
      expect(sequences.length).toBeGreaterThan(8);
    }
    for (const size of [1, 2, 3, 7]) {
      expect((await readFeed('', size)).map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    }
  });
});
