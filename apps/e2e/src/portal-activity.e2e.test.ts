import { startReceiver, type Receiver } from '@rollcall/testing';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner } from './support/become-owner';
import { environmentAddress } from './support/dashboard-page';
import { findViolations } from './support/find-violations';
import type { PortalVisit } from './support/open-portal';
import { createPortalDirectory, goTo, type PortalDirectory } from './support/portal-directory';
import { findOverflow } from './support/read-layout';
import { usePortalSystem } from './support/use-portal-system';

// From a request of the identity provider to what the app has heard of it, on pages that can be shared.

const system = usePortalSystem({ own: true });

let receiver: Receiver;
let directory: PortalDirectory;
let visit: PortalVisit;
let page: Page;
let userId: string;

beforeAll(async () => {
  receiver = await startReceiver();
  directory = await createPortalDirectory(system.rollcall);
  await directory.api('POST', '/webhook_endpoints', { url: receiver.url });
  userId = await directory.createUser('ann@acme.test', { displayName: 'Ann Ab', title: 'CEO' });
  await directory.createGroup('Staff', [userId]);
  await directory.createUser('ann@acme.test').catch(() => undefined);
  visit = await directory.open(system.browser, 'activity');
  ({ page } = visit);
});

afterAll(async () => {
  await visit?.context.close();
  await receiver?.stop();
});

const row = (name: string) => page.getByRole('row').filter({ hasText: name });

describe('the activity of a directory', () => {
  it('lists what the identity provider asked, newest first, and grows while it is looked at', async () => {
    await row('Create a group').waitFor();
    const names = await page.getByRole('rowheader').getByRole('link').allInnerTexts();
    expect(names).toEqual(['Create a user', 'Create a group', 'Create a user']);
    await directory.scim('GET', `/Users/${userId}`);
    await row('Read a user').waitFor();
  });

  it('is narrowed by filters that stand in the address, and go with a reload', async () => {
    await page.getByLabel('Outcome').selectOption('refused');
    await page.waitForURL(/outcome=refused/);
    await page.reload();
    await row('Refused').waitFor();
    expect(await page.getByRole('rowheader').count()).toBe(1);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await row('Create a group').waitFor();
  });

  it('says of a person who is searched for whether they are here, and why not', async () => {
    const userName = page.getByLabel('User name');
    await userName.fill('nobody@acme.test');
    await page.keyboard.press('Enter');
    await page.getByText('Okta has not sent this person').waitFor();
    await userName.fill('ann@acme.test');
    await page.keyboard.press('Enter');
    await page.getByText('This person is here').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await row('Create a group').waitFor();
    expect(new URL(page.url()).search).toBe('');
  });
});

describe('a request', () => {
  it('is followed by keyboard alone from what was asked to what the app has heard', async () => {
    const link = row('Create a group').getByRole('link');
    await link.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Create a group' }).waitFor();
    await page.getByText('Group members changed').first().waitFor();
    await page.getByText('Delivered').nth(2).waitFor();
    const text = await page.getByRole('article').innerText();
    expect(text).toContain('User updated');
    expect(text).toMatch(/Attempt 1, .*: answered 200/);
    expect(text).not.toContain(receiver.url);
  });

  it('has an address of its own, which shows the same to whoever may see it', async () => {
    const place = new URL(page.url()).pathname.split(`${directory.directoryId}/`)[1];
    const other = await directory.open(system.browser, place);
    await other.page.getByRole('heading', { name: 'Create a group' }).waitFor();
    expect(other.scriptErrors()).toEqual([]);
    await other.context.close();
  });

  it('that was refused says why in words, and what to do', async () => {
    await goTo(page, `directories/${directory.directoryId}/activity?status=409`);
    await row('Refused').getByRole('link').click();
    await page.getByText('There is a user with this user name already.').waitFor();
    const text = await page.getByRole('article').innerText();
    expect(text).toContain('409 uniqueness');
    expect(text).toContain('"userName": "ann@acme.test"');
  });

  it('leads to where each value of the person comes from', async () => {
    await goTo(page, `directories/${directory.directoryId}/users/diruser_${userId}/explanation`);
    const title = page.getByRole('row').filter({ hasText: 'Title' });
    await title.waitFor();
    expect(await title.innerText()).toContain('CEO');
    await title.getByRole('link').click();
    await page.getByRole('heading', { name: 'Create a user' }).waitFor();
    expect(await page.getByRole('article').innerText()).not.toContain('CEO');
  });
});

it('is followed by the owner of the app in the dashboard too, at an address of its own', async () => {
  const owner = await becomeOwner(system.rollcall, system.browser);
  const { organizationId, directoryId } = directory;
  const path = `/organizations/${organizationId}/directories/${directoryId}/activity`;
  const address = environmentAddress(owner.page) + path;
  await owner.page.goto(address);
  await owner.page.getByRole('link', { name: 'Create a group' }).click();
  await owner.page.getByText('Delivered').nth(2).waitFor();
  expect(owner.page.url()).toContain(`${address}/req_`);
  expect(owner.scriptErrors()).toEqual([]);
  await owner.context.close();
});

it('has no violation of accessibility and nothing that sticks out, narrow or wide, light or dark', async () => {
  const address = (path: string) => `directories/${directory.directoryId}/${path}`;
  for (const path of [
    'activity',
    'activity?user_name=nobody@acme.test',
    `users/diruser_${userId}/explanation`,
    'trace',
  ]) {
    if (path === 'trace') {
      await goTo(page, address('activity'));
      await row('Create a group').getByRole('link').click();
      await page.getByText('Delivered').first().waitFor();
    } else {
      await goTo(page, address(path));
      await page.getByRole('row').nth(1).or(page.getByText('No requests match')).first().waitFor();
    }
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [360, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        expect([path, colorScheme, width, await findViolations(page)]).toEqual([path, colorScheme, width, []]);
        expect(await findOverflow(page)).toEqual([]);
      }
    }
  }
});
