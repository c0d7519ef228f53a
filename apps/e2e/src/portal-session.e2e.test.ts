import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findViolations } from './support/find-violations';
import {
  createPortalOrganization,
  directoriesOf,
  openPortal,
  type PortalOrganization,
  type PortalVisit,
} from './support/open-portal';
import { bearerToken, configureButton, heading, leave, portalOf } from './support/portal-page';
import { usePortalSystem } from './support/use-portal-system';

const system = usePortalSystem();

/** Opens the portal of Acme in one tab and then that of Globex in another tab of the same browser. */
async function openTwo(prepare: (acme: Page) => Promise<void> = () => Promise.resolve()) {
  const [acme, globex] = await Promise.all([
    createPortalOrganization(system.rollcall, { name: 'Acme' }),
    createPortalOrganization(system.rollcall, { name: 'Globex' }),
  ]);
  const visit = await openPortal(system.browser, await acme.newLink());
  await heading(visit.page, 'Directory Sync').waitFor();
  await prepare(visit.page);
  const other = await visit.context.newPage();
  await other.goto(await globex.newLink());
  await other.getByRole('button', { name: 'Switch to Globex' }).click();
  await heading(other, 'Directory Sync').waitFor();
  return { acme, globex, visit, page: visit.page, other };
}

/** What a page of Acme says while the browser has the portal of Globex open. */
async function expectMismatch(page: Page): Promise<void> {
  await heading(page, 'This browser now has the portal of Globex open').waitFor();
  await page.getByText('This page was for Acme').waitFor();
  await page.getByText('Nothing was changed in Globex').waitFor();
  expect(await page.getByRole('button', { name: /^Configure/ }).count()).toBe(0);
}

/** Lets the page believe that its tab has been hidden, or is seen again. */
async function setVisibility(page: Page, state: 'hidden' | 'visible'): Promise<void> {
  await page.evaluate(
    `Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
     Object.defineProperty(document, 'hidden', { value: ${state === 'hidden'}, configurable: true });
     document.dispatchEvent(new Event('visibilitychange'));`,
  );
}

describe('two organizations in one browser', () => {
  it('do not mix: what is pressed in the older tab is done in neither, and the tab says so', async () => {
    const { acme, globex, visit, page } = await openTwo(async (page) => {
      await configureButton(page, 'Okta').waitFor();
      await setVisibility(page, 'hidden');
    });
    await configureButton(page, 'Okta').click();
    await expectMismatch(page);
    expect([await directoriesOf(acme), await directoriesOf(globex)]).toEqual([[], []]);
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Continue with Globex' }).click();
    await heading(page, 'Directory Sync').waitFor();
    await portalOf(page, 'Globex').waitFor();
    await configureButton(page, 'Okta').click();
    await bearerToken(page).waitFor();
    expect([await directoriesOf(acme), await directoriesOf(globex)]).toEqual([[], [expect.anything()]]);
    await visit.context.close();
  });

  it('are noticed by the older tab by itself when both are in sight, and at once by one that was hidden', async () => {
    const shown = await openTwo();
    await expectMismatch(shown.page);
    await shown.visit.context.close();
    const hidden = await openTwo((page) => setVisibility(page, 'hidden'));
    await heading(hidden.page, 'Directory Sync').waitFor();
    await setVisibility(hidden.page, 'visible');
    await expectMismatch(hidden.page);
    await hidden.visit.context.close();
  });

  it('do not end each other’s session: Leave in the older tab leaves nothing', async () => {
    const { visit, page, other } = await openTwo((page) => setVisibility(page, 'hidden'));
    await leave(page);
    await expectMismatch(page);
    await other.reload();
    await heading(other, 'Directory Sync').waitFor();
    expect(await portalOf(other, 'Globex').count()).toBe(1);
    await visit.context.close();
  });

  it('do not show each other’s people, whatever page the older tab goes to', async () => {
    const { visit, page } = await openTwo(async (page) => {
      await configureButton(page, 'Okta').click();
      await bearerToken(page).waitFor();
      await setVisibility(page, 'hidden');
    });
    await page
      .getByRole('navigation', { name: 'Directory', exact: true })
      .getByRole('link', { name: /^Users/ })
      .click();
    await expectMismatch(page);
    await visit.context.close();
  });

  it('are one after another for a second link of the same organization, whose older tab goes on', async () => {
    const acme = await createPortalOrganization(system.rollcall, { name: 'Acme' });
    const { page, context } = await openPortal(system.browser, await acme.newLink());
    await configureButton(page, 'Okta').waitFor();
    const other = await context.newPage();
    await other.goto(await acme.newLink());
    await heading(other, 'Directory Sync').waitFor();
    await configureButton(page, 'Okta').click();
    await bearerToken(page).waitFor();
    expect(await directoriesOf(acme)).toHaveLength(1);
    await context.close();
  });
});

describe('an open page', () => {
  let organization: PortalOrganization;
  let visit: PortalVisit;
  let page: Page;

  async function open(): Promise<void> {
    organization = await createPortalOrganization(system.rollcall, { name: 'Fabrikam' });
    visit = await openPortal(system.browser, await organization.newLink());
    ({ page } = visit);
    await configureButton(page, 'Okta').click();
    await bearerToken(page).waitFor();
  }

  it('says by itself that the feature was switched off, keeps the new token, and goes on when it is on again', async () => {
    await open();
    const token = await bearerToken(page).getByRole('code').innerText();
    const loads = visit.documentLoads();
    await organization.switchDirectorySync(false);
    await heading(page, 'Directory Sync is not switched on for Fabrikam').waitFor();
    await page.getByText('The new token that you were shown is kept on this page').waitFor();
    expect(await page.content()).not.toContain(token);
    expect(await findViolations(page)).toEqual([]);
    await organization.switchDirectorySync(true);
    await bearerToken(page).waitFor();
    expect(await bearerToken(page).getByRole('code').innerText()).toBe(token);
    expect(visit.documentLoads()).toBe(loads);
    await visit.context.close();
  });

  it('issues no token when the feature was switched off just before', async () => {
    await open();
    const [before] = await directoriesOf(organization);
    await page.getByRole('button', { name: /^Actions for token ending in/ }).click();
    await page.getByRole('menuitem', { name: /^Regenerate/ }).click();
    // When the page has asked already, so that it cannot have known.
    await page.route('**/secrets:regenerate', async (route) => {
      await organization.switchDirectorySync(false);
      await route.continue();
    });
    const answer = page.waitForResponse(/secrets:regenerate$/);
    await page.getByRole('button', { name: 'Regenerate', exact: true }).click();
    expect((await answer).status()).toBe(403);
    await heading(page, 'Directory Sync is not switched on for Fabrikam').waitFor();
    expect((await directoriesOf(organization))[0]?.secrets).toEqual(before?.secrets);
    await visit.context.close();
  });

  it('says that its link was revoked, and that what was set up is kept', async () => {
    await open();
    await organization.api('DELETE', `${organization.path}/portal_links`);
    await heading(page, 'Your access to the portal was withdrawn').waitFor();
    await page.getByText('Everything you set up is saved and keeps working').waitFor();
    expect(await page.getByText('six hours').count()).toBe(0);
    expect(await findViolations(page)).toEqual([]);
    await visit.context.close();
  });

  it('says that its organization was deleted, and promises nothing', async () => {
    await open();
    await organization.api('DELETE', organization.path);
    await heading(page, 'Your organization was deleted from the app').waitFor();
    expect(await page.getByText(/Everything you set up is saved|six hours/).count()).toBe(0);
    expect(await findViolations(page)).toEqual([]);
    await visit.context.close();
  });

  it('says that the portal was left in another tab', async () => {
    await open();
    const other = await visit.context.newPage();
    await other.goto(page.url());
    await leave(other);
    await heading(other, 'You have left the portal').waitFor();
    await heading(page, 'The portal was closed in this browser').waitFor();
    expect(await page.getByText('six hours').count()).toBe(0);
    await visit.context.close();
  });
});
