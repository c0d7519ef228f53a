import type { Locator, Page } from 'playwright-core';
import { button } from './portal-page';

/** The owner that a suite of the dashboard becomes, and whom it invites. */
export const OWNER = { name: 'Grace Hopper', email: 'grace@example.com', password: 'a bug in the relay' };
export const VIEWER = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'the engine weaves' };

/** A link of the dashboard's navigation. */
export const dashboardLink = (page: Page, name: string): Locator =>
  page.getByRole('navigation', { name: 'Dashboard' }).getByRole('link', { name });

/** The address of the environment that a page of the dashboard shows. */
export function environmentAddress(page: Page): string {
  const [address] = /^.*\/dashboard\/env_[0-9a-z]+/.exec(page.url()) ?? [];
  if (address === undefined) throw new Error(`no environment is shown at ${page.url()}`);
  return address;
}

/** Fills in who somebody is where the dashboard is set up. */
export async function createAccount(page: Page, { name, email, password }: typeof OWNER): Promise<void> {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await button(page, 'Create account').click();
}
