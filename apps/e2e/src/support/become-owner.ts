import type { RunningRollcall } from '@rollcall/testing';
import type { Browser } from 'playwright-core';
import { openPortal, type PortalVisit } from './open-portal';
import { button } from './portal-page';

/** A member of the dashboard. */
export interface Member {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export const OWNER: Member = { name: 'Grace Hopper', email: 'grace@example.com', password: 'a bug in the relay' };

/** Sets the dashboard of a server up that nobody has set up yet: a browser profile of its own, signed in as its first owner. */
export async function becomeOwner(rollcall: RunningRollcall, browser: Browser, owner = OWNER): Promise<PortalVisit> {
  const visit = await openPortal(browser, rollcall.bootstrap.dashboard_setup_url);
  const { page } = visit;
  await page.getByLabel('Name').fill(owner.name);
  await page.getByLabel('Email').fill(owner.email);
  await page.getByLabel('Password').fill(owner.password);
  await button(page, 'Create account').click();
  await page.getByRole('navigation', { name: 'Dashboard' }).getByRole('link', { name: 'Organizations' }).waitFor();
  return visit;
}
