import type { RunningRollcall } from '@rollcall/testing';
import type { Browser } from 'playwright-core';
import { createAccount, dashboardLink, OWNER } from './dashboard-page';
import { openPortal, type PortalVisit } from './open-portal';

/** Sets the dashboard of a server up that nobody has set up yet: a browser profile of its own, signed in as its first owner. */
export async function becomeOwner(rollcall: RunningRollcall, browser: Browser, owner = OWNER): Promise<PortalVisit> {
  const visit = await openPortal(browser, rollcall.bootstrap.dashboard_setup_url);
  await createAccount(visit.page, owner);
  await dashboardLink(visit.page, 'Organizations').waitFor();
  return visit;
}
