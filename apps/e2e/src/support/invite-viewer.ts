import type { Browser, Page } from 'playwright-core';
import { dashboardLink, VIEWER } from './dashboard-page';
import { openPortal, type PortalVisit } from './open-portal';
import { button, dialog } from './portal-page';

/** Invites somebody in the dashboard who may look at everything: a browser profile of its own, signed in by the link. */
export async function inviteViewer(page: Page, browser: Browser): Promise<PortalVisit> {
  await dashboardLink(page, 'Members').click();
  await button(page, 'Invite member').click();
  const invite = dialog(page, 'Invite a member');
  await invite.getByLabel('Email').fill(VIEWER.email);
  await invite.getByLabel('Viewer').check();
  await button(invite, 'Invite').click();
  const location = await page.getByLabel('Invitation link').inputValue();
  await button(page, 'Done').click();

  const viewer = await openPortal(browser, location);
  await viewer.page.getByLabel('Name').fill(VIEWER.name);
  await viewer.page.getByLabel('Password').fill(VIEWER.password);
  await button(viewer.page, 'Create account').click();
  return viewer;
}
